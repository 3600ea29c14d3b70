const users = require('../models/users');

function tokenOf(req) {
  const { authorization } = req.headers;
  if (authorization && authorization.split(' ')[0] === 'Token') return authorization.split(' ')[1];
  return null;
}

/** Lets nobody in without a token. */
function required(req, res, next) {
  const user = users.byToken(tokenOf(req));
  if (!user) return res.status(401).json({ errors: { message: 'missing authorization credentials' } });
  req.user = user;
  return next();
}

function optional(req, res, next) {
  req.user = users.byToken(tokenOf(req));
  next();
}

module.exports = { required, optional };
