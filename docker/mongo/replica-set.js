// Makes the replica set where there is none, and waits until it has a primary: any member, once some were added. Run by mongosh.
try {
  rs.status();
} catch {
  rs.initiate({ _id: 'rs0', members: [{ _id: 0, host: 'mongo:27017' }] });
}
for (let i = 0; i < 60 && !db.hello().primary; i += 1) sleep(500);
if (!db.hello().primary) {
  print('The replica set rs0 has no primary after 30 s. Look at `rs.status()` on the host "mongo".');
  quit(1);
}
