/*
 * Prints libmemcached-owners.txt: the owners that libmemcached gives to some keys.
 *
 *     apt-get install gcc libmemcached-dev    # Debian 12: libmemcached 1.1.4
 *     gcc -o owners libmemcached-owners.c -lmemcached && ./owners > libmemcached-owners.txt
 *
 * Each case is three lines: the client, the list of nodes, and the owners of the keys key-0, key-1 and so on, every tenth
 * with an e acute behind it (two bytes in UTF-8). An owner is the number of its node in the list: 0 to 9, then a to z.
 */
#include <libmemcached/memcached.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void owners(const char *client, const char *nodes, int keys) {
  memcached_st *memc = memcached_create(NULL);
  memcached_behavior_set(memc, strcmp(client, "libmemcached-weighted") ? MEMCACHED_BEHAVIOR_KETAMA : MEMCACHED_BEHAVIOR_KETAMA_WEIGHTED, 1);
  if (!strcmp(client, "libmemcached-md5")) {
    memcached_behavior_set(memc, MEMCACHED_BEHAVIOR_HASH, MEMCACHED_HASH_MD5);
  }
  memcached_server_st *servers = memcached_servers_parse(nodes);
  if (!servers || memcached_server_push(memc, servers) != MEMCACHED_SUCCESS) {
    exit(1);
  }
  printf("%s\n%s\n", client, nodes);
  for (int i = 0; i < keys; i++) {
    char key[32];
    int length = snprintf(key, sizeof key, "key-%d%s", i, i % 10 ? "" : "\xc3\xa9");
    uint32_t owner = memcached_generate_hash(memc, key, (size_t) length);
    putchar("0123456789abcdefghijklmnopqrstuvwxyz"[owner]);
  }
  printf("\n");
  memcached_server_list_free(servers);
  memcached_free(memc);
}

static void equal(const char *client, int nodes, int keys) {
  char list[4096] = "";
  for (int i = 1; i <= nodes; i++) {
    sprintf(list + strlen(list), "%s10.0.1.%d:11211", i > 1 ? "," : "", i);
  }
  owners(client, list, keys);
}

int main(void) {
  const char *weighted = "10.0.1.1:11211 600, 10.0.1.2:11211 300, 10.0.1.3:11211 200, 10.0.1.4:11211 350, "
      "10.0.1.5:11211 1000, 10.0.1.6:11211 800, 10.0.1.7:11211 950, 10.0.1.8:11211 100";
  const char *mixed = "cache1:11211 2, cache1:11212, 10.0.1.3:11211 0, cache3.example.com:11299 3, cache4";
  const char *clients[] = {"libmemcached-weighted", "libmemcached", "libmemcached-md5"};
  equal(clients[0], 8, 20000);
  owners(clients[0], weighted, 20000);
  for (int i = 0; i < 3; i++) {
    equal(clients[i], 8, 2000);
    equal(clients[i], 25, 2000);
    owners(clients[i], weighted, 2000);
    owners(clients[i], mixed, 2000);
    owners(clients[i], "cache1:11211,cache1:11212,cache2,cache2:11213", 2000);
  }
  equal(clients[1], 8, 20000);
  return 0;
}
