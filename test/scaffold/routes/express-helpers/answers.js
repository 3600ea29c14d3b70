exports.send = (status, res, payload) => {
  if (payload instanceof Error) res.status(status).json({ code: 'failed', message: payload.message });
  else if (String(status).startsWith('2')) res.status(status).json({ code: 'ok', response: payload });
  else res.status(status).json({ code: 'refused', message: 'Not allowed' });
};

exports.needs = (fields, req, res, next) => {
  const missing = fields.filter((name) => !(name in (req.body ?? {})));
  if (missing.length === 0) return next();
  exports.send(400, res, new Error(`missing: ${missing.join()}`));
};
