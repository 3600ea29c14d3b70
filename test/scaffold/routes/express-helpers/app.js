const express = require('express');
const { Topics } = require('./topics');
const { addRoute } = require('./add-route');
const answers = require('./answers');
const admin = require('./admin');

const app = express();
app.use(express.json());

const basePath = process.env.FORUM_BASE_PATH || '/forum';
const router = express.Router();
app.use(basePath, router);

// Signed in for all that is private, whatever it is.
router.all('/private/*rest', (req, res, next) => {
  if (req.headers['x-api-key'] !== 'key') return answers.send(401, res);
  next();
});
router.get('/private/notes', (_req, res) => res.json({ notes: [] }));

router.use('/health', (_req, res) => {
  res.json({ up: true });
});
router.use('/topics', new Topics().router);

// The settings are open until somebody has set them.
router.use('/settings', (req, res, next) => {
  if (req.get('x-setup') === 'done') return admin.guard(req, res, () => admin.router(req, res, next));
  return admin.router(req, res, next);
});

addRoute(router, 'get', '/about', async (_req, res) => answers.send(200, res, { about: 'a forum' }));
addRoute(router, 'post', '/posts', [answers.needs.bind(null, ['title'])], async (req, res) => {
  if (req.body.title === 'full') throw new Error('no more posts');
  answers.send(201, res, { title: String(req.body.title) });
});

module.exports = app;
