const { Controller, NotFoundError } = require('./controller');

class Topics extends Controller {
  constructor() {
    super();
    this.titles = new Map([['hello', 'Hello']]);
    this.get('/', this.list);
    this.route({ method: 'get', path: '/:slug', handler: this.show });
  }

  async list(_req, res) {
    res.json({ topics: [...this.titles.values()] });
  }

  async show(req, res) {
    const title = this.titles.get(req.params.slug);
    if (title === undefined) throw new NotFoundError('No such topic');
    res.json({ slug: req.params.slug, title: String(title) });
  }
}

module.exports = { Topics };
