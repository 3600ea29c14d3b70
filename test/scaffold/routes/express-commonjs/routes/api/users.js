const router = require('express').Router();
const auth = require('../auth');

router.get('/user', auth.required, (req, res) => {
  const { username, email, token } = req.user;
  return res.json({ user: { username, email, token } });
});

router.put('/user', auth.required, (req, res) => {
  const { user } = req;
  if (typeof req.body.user.email !== 'undefined') user.email = req.body.user.email;
  if (typeof req.body.user.bio !== 'undefined') user.bio = req.body.user.bio;
  return res.json({ user: { email: user.email, bio: user.bio } });
});

router.post('/users/login', (req, res) => {
  if (!req.body || !req.body.user || !req.body.user.email) {
    return res.status(422).json({ errors: { email: "can't be blank" } });
  }
  if (!req.body.user.password) {
    return res.status(422).json({ errors: { password: "can't be blank" } });
  }
  return res.json({ user: { email: req.body.user.email, token: 'jake-token' } });
});

/**
 * Register a user
 *
 * Sends no mail.
 */
router.post('/users', (req, res) => {
  const { username, email } = (req.body && req.body.user) || {};
  res.status(201).json({ user: { username, email } });
});

module.exports = router;
