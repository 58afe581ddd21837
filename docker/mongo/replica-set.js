// Makes the replica set where there is none, and waits until it has a primary. Run by mongosh.
try {
  rs.status();
} catch {
  rs.initiate({ _id: 'rs0', members: [{ _id: 0, host: 'mongo:27017' }] });
}
for (let i = 0; i < 60 && !db.hello().isWritablePrimary; i += 1) sleep(500);
if (!db.hello().isWritablePrimary) quit(1);
