// `NAME=` means "not set", whoever reads it, and whatever we start: blank settings leave the environment. To be imported first.
// (`TEMPORAL_GRPC_META_X=` has a meaning for Temporal's SDK: it takes a header out.)
for (const [name, value] of Object.entries(process.env))
  if (/^(HAWSER_|MONGODB_URI$|TEMPORAL_(?!GRPC_META_))/.test(name) && value.trim() === '') delete process.env[name];
