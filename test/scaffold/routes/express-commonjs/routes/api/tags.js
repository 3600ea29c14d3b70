const router = require('express').Router();

router.get('/', (req, res) => {
  Promise.resolve(['a', 'b'])
    .then((tags) => res.json({ tags }))
    .catch((error) => res.status(500).json({ errors: { message: error.message } }));
});

for (const colour of ['red', 'green']) {
  router.get(`/colours/${colour}`, (req, res) => res.send(`${colour} it is`));
}

module.exports = router;
