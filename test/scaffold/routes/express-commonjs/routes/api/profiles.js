const router = require('express').Router();
const users = require('../../models/users');
const auth = require('../auth');

router.param('username', (req, res, next, username) => {
  const profile = users.byName(username);
  if (!profile) return res.sendStatus(404);
  req.profile = profile;
  return next();
});

router.get('/:username', auth.optional, (req, res) => {
  res.json({ profile: { username: req.profile.username, following: false } });
});

router
  .route('/:username/follow')
  .post(auth.required, (req, res) =>
    res.json({ profile: { username: req.profile.username, following: true } }),
  )
  .delete(auth.required, (req, res) =>
    res.json({ profile: { username: req.profile.username, following: false } }),
  );

module.exports = router;
