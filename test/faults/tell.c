/*
 * Tells the truth about one run: a line as it begins, one as it ends, and one every tenth of a second between, each
 * written at once to the end of a file, with the time it is. Small and static, so that a machine can start many of them.
 *
 *     tell FILE MILLISECONDS [DEFINITION]
 *
 * DEFINITION, a number, is told as it is: it says which definition of the job ran.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BEAT_MS 100

static const char *given(const char *name) {
  const char *value = getenv(name);
  return value ? value : "";
}

static long long now_ms(void) {
  struct timespec at;
  clock_gettime(CLOCK_REALTIME, &at);
  return at.tv_sec * 1000LL + at.tv_nsec / 1000000;
}

static void rest(long milliseconds) {
  struct timespec left = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
  while (nanosleep(&left, &left)) continue;
}

static int tell(int file, const char *line) {
  size_t length = strlen(line);
  return write(file, line, length) == (ssize_t)length ? 0 : 1;
}

int main(int count, char **words) {
  if (count != 3 && count != 4) return 2;
  int file = open(words[1], O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return 3;
  char line[1024];
  snprintf(line, sizeof line, "start %s %s %s %s %lld%s%s\n", given("FLEETCRON_JOB"),
           given("FLEETCRON_SCHEDULED_TIME"), given("FLEETCRON_ATTEMPT"), given("FLEETCRON_RUN_ID"), now_ms(),
           count == 4 ? " " : "", count == 4 ? words[3] : "");
  if (tell(file, line)) return 4;
  long milliseconds = atol(words[2]);
  for (; milliseconds > BEAT_MS; milliseconds -= BEAT_MS) {
    rest(BEAT_MS);
    snprintf(line, sizeof line, "beat %s %lld\n", given("FLEETCRON_RUN_ID"), now_ms());
    if (tell(file, line)) return 5;
  }
  rest(milliseconds);
  snprintf(line, sizeof line, "end %s %lld\n", given("FLEETCRON_RUN_ID"), now_ms());
  return tell(file, line) ? 5 : 0;
}
