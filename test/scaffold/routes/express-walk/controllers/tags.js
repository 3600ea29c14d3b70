const { NotAuthorized, NotFound } = require('../errors');

const withKey = (req, _res, next) => {
  if (req.header('x-api-key') !== 'key') return next(new NotAuthorized());
  return next();
};

const actions = {};

actions.createTag = {
  method: 'POST',
  url: '/tags',
  middlewares: [withKey],
  async handler(req, res) {
    res.status(201).json({ success: true, name: String(req.body.name) });
  },
};

actions.getTag = {
  method: 'GET',
  url: '/tags/:tagId',
  middlewares: [withKey],
  async handler(req, res) {
    if (req.params.tagId === 'hello') throw new NotFound('tag');
    res.json({ success: true, id: req.params.tagId });
  },
};

module.exports = actions;
