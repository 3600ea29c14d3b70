const { Router } = require('express');

exports.guard = (req, res, next) => {
  if (req.method === 'DELETE') return res.status(405).json({ message: 'Nobody may' });
  next();
};

exports.router = Router();
exports.router.get('/theme', (_req, res) => res.json({ theme: 'dark' }));
exports.router.delete('/theme', (_req, res) => res.status(204).end());
