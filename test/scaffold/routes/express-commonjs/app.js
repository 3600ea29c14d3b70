const express = require('express');

const app = express();

app.use(express.json());
app.use(require('./routes'));

app.use((req, res, next) => {
  const err = new Error('Not Found');
  err.status = 404;
  next(err);
});

app.use((err, req, res, next) => {
  res.status(err.status || 500);
  res.json({ errors: { message: err.message } });
});

module.exports = app;
