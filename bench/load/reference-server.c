// The server that the load generators are measured against: one thread, epoll, a fixed two-byte answer to
// every request head, quicker than any generator can ask. Prints its port; counts requests on SIGUSR1.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST_CONNECTIONS 65536
#define READ_BYTES 16384

static const char ANSWER[] = "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok";
/* How many bytes of the blank line that ends a head each connection has seen. */
static unsigned char matched[MOST_CONNECTIONS];
static volatile unsigned long long requests;

static void report(int signal_number) {
  (void)signal_number;
  char line[32];
  int length = snprintf(line, sizeof line, "%llu\n", requests);
  if (write(1, line, (size_t)length) < 0) _exit(1);
}

static int count_heads(int fd, const char *bytes, ssize_t length) {
  static const char END[] = "\r\n\r\n";
  int found = 0;
  unsigned char at = matched[fd];
  for (ssize_t index = 0; index < length; index += 1) {
    at = bytes[index] == END[at] ? at + 1 : bytes[index] == '\r' ? 1 : 0;
    if (at == 4) {
      found += 1;
      at = 0;
    }
  }
  matched[fd] = at;
  return found;
}

static void answer(int fd, int count) {
  static char batch[64 * sizeof ANSWER];
  static size_t filled;
  const size_t one = sizeof ANSWER - 1;
  while (filled < 64) memcpy(batch + one * filled++, ANSWER, one);
  for (; count > 0; count -= 64) {
    size_t length = one * (size_t)(count < 64 ? count : 64);
    if (send(fd, batch, length, MSG_NOSIGNAL) < 0) return;
  }
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  int one = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, length) < 0 || listen(listener, 4096) < 0) return 1;
  getsockname(listener, (struct sockaddr *)&address, &length);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  struct sigaction action = {.sa_handler = report, .sa_flags = SA_RESTART};
  sigaction(SIGUSR1, &action, NULL);
  int poll = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
  epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
  struct epoll_event events[512];
  char bytes[READ_BYTES];
  for (;;) {
    int ready = epoll_wait(poll, events, 512, -1);
    for (int index = 0; index < ready; index += 1) {
      int fd = events[index].data.fd;
      if (fd == listener) {
        int accepted = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        if (accepted < 0 || accepted >= MOST_CONNECTIONS) continue;
        setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        matched[accepted] = 0;
        struct epoll_event added = {.events = EPOLLIN, .data.fd = accepted};
        epoll_ctl(poll, EPOLL_CTL_ADD, accepted, &added);
        continue;
      }
      ssize_t got = recv(fd, bytes, READ_BYTES, 0);
      if (got <= 0) {
        close(fd);
        continue;
      }
      int found = count_heads(fd, bytes, got);
      requests += (unsigned long long)found;
      if (found > 0) answer(fd, found);
    }
  }
}
