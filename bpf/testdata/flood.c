// Opens and closes a file in two threads until standard input ends.
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

static volatile int stop;

static void *flood(void *arg)
{
	while (!stop)
		close(open("/dev/null", O_RDONLY));
	return 0;
}

int main(void)
{
	pthread_t threads[2];
	char end;

	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], 0, flood, 0);
	if (write(1, "ready\n", 6) != 6)
		return 1;
	while (read(0, &end, 1) > 0)
		;
	stop = 1;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], 0);
	return 0;
}
