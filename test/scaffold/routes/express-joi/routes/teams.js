const { Router } = require('express');
const Joi = require('joi');

const Team = Joi.object({
  name: Joi.string().min(2).max(40).required(),
  colours: Joi.array().items(Joi.string().valid('red', 'blue')).max(2),
  site: Joi.string().uri().allow(null),
  lead: Joi.alternatives(Joi.string(), Joi.object({ id: Joi.string().required() }).unknown()),
}).and('colours', 'site');

const router = Router();
router.put('/:teamId', (req, res) => {
  const { value, error } = Team.validate(req.body);
  if (error) {
    res.status(422).json({ message: error.message });
    return;
  }
  res.json({ id: req.params.teamId, name: value.name });
});

module.exports = router;
