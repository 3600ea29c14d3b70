const users = [{ username: 'jake', email: 'jake@example.org', token: 'jake-token', bio: null }];

module.exports = {
  byToken: (token) => users.find((user) => user.token === token),
  byName: (name) => users.find((user) => user.username === name),
};
