const express = require('express');
const { join } = require('node:path');
const { addFolder } = require('./add-folder');

const app = express();
app.use(express.json());

const api = express.Router();
app.use('/api', api);
addFolder(api, join(__dirname, 'controllers'));

app.use((error, _req, res, _next) => {
  res.status(error.httpCode || 500).json({ success: false, message: error.message });
});

module.exports = app;
