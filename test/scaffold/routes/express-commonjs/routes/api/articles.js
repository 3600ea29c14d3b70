const express = require('express');
const auth = require('../auth');

const router = express.Router();

/** Lists articles, the newest first. */
function listArticles(req, res) {
  let limit = 20;
  let offset = 0;
  if (typeof req.query.limit !== 'undefined') limit = Number(req.query.limit);
  if (typeof req.query.offset !== 'undefined') offset = Number(req.query.offset);
  const filter = { tag: req.query.tag, author: req.query.author };
  const articles = [{ slug: 'hello', title: 'Hello', body: filter.tag || '' }].slice(offset, offset + limit);
  return res.json({ articles, articlesCount: articles.length });
}

router.get('/', auth.optional, listArticles);
router.get('/feed', auth.required, listArticles);

router.post('/', auth.required, (req, res) => {
  const { title, description, body, tagList } = (req.body && req.body.article) || {};
  return res.status(201).json({ article: { slug: 'hello', title, description, body, tagList } });
});

router.get('/:slug', auth.optional, (req, res, next) => {
  if (req.params.slug !== 'hello') {
    const err = new Error('no such article');
    err.status = 404;
    return next(err);
  }
  return res.json({ article: { slug: req.params.slug, title: 'Hello' } });
});

/** @deprecated Articles stay. */
router.delete('/:slug', auth.required, (req, res) => {
  if (req.params.slug === 'locked') return res.sendStatus(403);
  return res.sendStatus(204);
});

router.get(['/:slug/comments', '/:slug/comments/:id'], (req, res) => res.json({ comments: [] }));

module.exports = router;
