module.exports = class ApiError extends Error {
  constructor(statusCode, message, isExpected = true) {
    super(message);
    this.statusCode = statusCode;
    this.isExpected = isExpected;
  }
};
