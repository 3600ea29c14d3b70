class CustomError extends Error {
  constructor(message, httpCode) {
    super(message);
    this.httpCode = httpCode;
  }
}

exports.NotAuthorized = class NotAuthorized extends CustomError {
  constructor() {
    super('Not authorized', 401);
  }
};

exports.NotFound = class NotFound extends CustomError {
  constructor(what) {
    super(`No such ${what}`, 404);
  }
};
