const { Router } = require('express');
const ApiError = require('../api-error');
const caught = require('../middlewares/caught');
const signedIn = require('../middlewares/signed-in');
const validate = require('../middlewares/validate');
const schemas = require('../schemas');

const members = new Map([['m1', { id: 'm1', name: 'Ada' }]]);

const list = caught(async (req, res) => {
  res.send({ results: [...members.values()], page: Number(req.query.page ?? 1) });
});

const create = caught(async (req, res) => {
  res.status(201).send({ id: 'm2', name: req.body.name });
});

const show = caught(async (req, res) => {
  const member = members.get(req.params.memberId);
  if (!member) throw new ApiError(404, 'No such member');
  res.send(member);
});

const router = Router();
router
  .route('/')
  .get(validate(schemas.list), list)
  .post(signedIn('manage'), validate(schemas.create), create);
router.route('/:memberId').get(signedIn(), validate(schemas.show), show);

module.exports = router;
