const express = require('express');
const routes = require('./routes');
const { convert, answer } = require('./middlewares/errors');
const ApiError = require('./api-error');

const app = express();
app.use(express.json());
app.use('/v1', routes);
app.use((_req, _res, next) => next(new ApiError(404, 'No such path')));
app.use(convert);
app.use(answer);

module.exports = app;
