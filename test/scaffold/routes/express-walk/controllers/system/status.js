exports.getStatus = {
  method: 'GET',
  url: '/status',
  async handler(_req, res) {
    res.json({ status: 'up' });
  },
};
