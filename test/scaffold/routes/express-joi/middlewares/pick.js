module.exports = (object, keys) =>
  keys.reduce((picked, key) => {
    if (object && Object.hasOwn(object, key)) picked[key] = object[key];
    return picked;
  }, {});
