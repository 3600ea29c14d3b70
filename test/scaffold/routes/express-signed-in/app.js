const express = require('express');

const app = express();
const users = new Map([['Bearer x', { name: 'ann', role: 'reader' }]]);

// Who is signed in is looked up for every request; who has to be is told where it matters.
app.use((req, _res, next) => {
  req.user = users.get(req.headers.authorization);
  next();
});

const signedIn = (req, res, next) => {
  if (!req.user) return res.status(401).json({ message: 'sign in first' });
  next();
};
const editor = (req, res, next) => {
  if (req.user.role !== 'editor') return res.status(403).json({ message: 'not allowed' });
  next();
};

app.get('/news', (_req, res) => res.json([{ title: 'one' }]));
app.get('/drafts', signedIn, (_req, res) => res.json([]));
app.delete('/drafts', signedIn, editor, (_req, res) => res.sendStatus(204));
app.get('/me', (req, res) => {
  if (!req.user) return res.sendStatus(401);
  res.json({ name: req.user.name });
});

module.exports = app;
