/*
 * Edges on lines of gpio-sim, faster than a shell could make them, and each of them seen by the kernel.
 * Usage: pulses COUNT MICROSECONDS PULL…      COUNT times all pulls in their order, MICROSECONDS after each of them
 *   PULL := FILE "=" ("pull-up" | "pull-down")
 *
 * The kernel's interrupt is over when a pull returns; the thread that it wakes (irq/N-…) may still be at work on another processor. An edge that
 * comes meanwhile is merged with the last one before it gets a number, so that nobody can count it. So each pull waits until these threads sleep.
 */

#include <fcntl.h>
#include <glob.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MOST_THREADS 64
#define MOST_PULLS 16

static int threads[MOST_THREADS];
static int count_of_threads;

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static int read_file(int file, char *text, size_t size)
{
	ssize_t length = pread(file, text, size - 1, 0);

	text[length > 0 ? length : 0] = 0;
	return length > 0;
}

static void find_threads(void)
{
	glob_t found;
	char text[512];

	if (glob("/proc/[0-9]*/stat", 0, NULL, &found))
		fail("/proc");
	for (size_t i = 0; i < found.gl_pathc && count_of_threads < MOST_THREADS; i++) {
		int file = open(found.gl_pathv[i], O_RDONLY);

		/* "PID (irq/25-gpio) S …" */
		if (file >= 0 && read_file(file, text, sizeof(text)) && strstr(text, "(irq/"))
			threads[count_of_threads++] = file;
		else if (file >= 0)
			close(file);
	}
	globfree(&found);
}

static void wait_for_threads(void)
{
	char text[512];

	for (int i = 0; i < count_of_threads; i++)
		while (read_file(threads[i], text, sizeof(text)) && !strstr(text, ") S "))
			sched_yield();
}

int main(int count_of_arguments, char **arguments)
{
	int files[MOST_PULLS];
	char *directions[MOST_PULLS];
	int pulls = count_of_arguments - 3;

	if (pulls < 1 || pulls > MOST_PULLS) {
		fputs("usage: pulses COUNT MICROSECONDS FILE=pull-up|pull-down…\n", stderr);
		return 64;
	}
	for (int i = 0; i < pulls; i++) {
		char *name = arguments[i + 3];

		directions[i] = strchr(name, '=');
		if (!directions[i])
			return 64;
		*directions[i]++ = 0;
		files[i] = open(name, O_WRONLY);
		if (files[i] < 0)
			fail(name);
	}
	find_threads();

	long count = atol(arguments[1]);
	struct timespec pause = { 0, atol(arguments[2]) * 1000 };

	for (long turn = 0; turn < count; turn++) {
		for (int i = 0; i < pulls; i++) {
			if (pwrite(files[i], directions[i], strlen(directions[i]), 0) < 0)
				fail(directions[i]);
			wait_for_threads();
			if (pause.tv_nsec > 0)
				nanosleep(&pause, NULL);
		}
	}
	printf("%ld turns, %d threads of interrupts\n", count, count_of_threads);
	return 0;
}
