const router = require('express').Router();
const { apiPrefix } = require('../config');

router.use(apiPrefix, require('./api'));

module.exports = router;
