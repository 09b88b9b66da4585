/*
 * Pulses on a line of gpio-sim, faster than a shell could.
 * Usage: pulses PULL-FILE COUNT MICROSECONDS      COUNT times up for half of MICROSECONDS, and down for the other half
 */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void pull(int file, const char *direction)
{
	if (pwrite(file, direction, strlen(direction), 0) < 0) {
		perror("pulses");
		exit(1);
	}
}

int main(int count_of_arguments, char **arguments)
{
	if (count_of_arguments != 4) {
		fputs("usage: pulses PULL-FILE COUNT MICROSECONDS\n", stderr);
		return 64;
	}
	int file = open(arguments[1], O_WRONLY);
	if (file < 0) {
		perror(arguments[1]);
		return 1;
	}
	long count = atol(arguments[2]);
	long half = atol(arguments[3]) * 1000 / 2;
	struct timespec pause = { half / 1000000000, half % 1000000000 };
	for (long i = 0; i < count; i++) {
		pull(file, "pull-up");
		nanosleep(&pause, NULL);
		pull(file, "pull-down");
		nanosleep(&pause, NULL);
	}
	printf("%ld\n", count);
	return 0;
}
