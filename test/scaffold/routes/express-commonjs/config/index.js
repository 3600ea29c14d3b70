module.exports = { secret: process.env.SECRET || 'secret', apiPrefix: '/api' };
