// The limit: the tutorial's training step as one fused C program, with no tensors, no graph and no allocation.
// It reads commands from stdin and writes answers as JSON lines. Started by the benchmark as: limit MATERIAL
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { H = 32, TIME = 10, WINDOWS = 100, LANES = 8, MOST_SAMPLES = 20000 };

// In the order of PyTorch's parameters, but with the hidden weight transposed: [from][to], so that sums run across `to`.
typedef struct {
  float input_weight[H], hidden_weight[H][H], input_bias[H], hidden_bias[H], out_weight[H], out_bias;
} Parameters;

enum { COUNT = sizeof(Parameters) / sizeof(float) };

static Parameters weights, gradients, means, squares;
static float inputs[WINDOWS][TIME], targets[WINDOWS][TIME];
static float h[TIME + 1][H]; // h[0] is the final state of the previous step
static long steps;

static float dot(const float *a, const float *b) {
  float lanes[LANES] = {0}, sum = 0;
  for (int i = 0; i < H; i += LANES)
    for (int l = 0; l < LANES; l++) lanes[l] += a[i + l] * b[i + l];
  for (int l = 0; l < LANES; l++) sum += lanes[l];
  return sum;
}

// h_t = tanh(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh), y_t = W_out h_t + b_out
static void forward(const float *x, float *y) {
  for (int t = 0; t < TIME; t++) {
    float z[H];
    for (int i = 0; i < H; i++) z[i] = weights.input_weight[i] * x[t] + weights.input_bias[i] + weights.hidden_bias[i];
    for (int j = 0; j < H; j++)
      for (int i = 0; i < H; i++) z[i] += weights.hidden_weight[j][i] * h[t][j];
    for (int i = 0; i < H; i++) h[t + 1][i] = tanhf(z[i]);
    y[t] = dot(weights.out_weight, h[t + 1]) + weights.out_bias;
  }
}

static void backward(const float *x, const float *dy) {
  float dh_next[H] = {0}; // the gradient from later time steps
  memset(&gradients, 0, sizeof gradients);
  for (int t = TIME - 1; t >= 0; t--) {
    float dz[H];
    for (int i = 0; i < H; i++) {
      gradients.out_weight[i] += dy[t] * h[t + 1][i];
      dz[i] = (dy[t] * weights.out_weight[i] + dh_next[i]) * (1 - h[t + 1][i] * h[t + 1][i]);
      gradients.input_weight[i] += dz[i] * x[t];
      gradients.input_bias[i] += dz[i];
    }
    gradients.out_bias += dy[t];
    for (int j = 0; j < H; j++) {
      for (int i = 0; i < H; i++) gradients.hidden_weight[j][i] += h[t][j] * dz[i];
      dh_next[j] = dot(weights.hidden_weight[j], dz);
    }
  }
  memcpy(gradients.hidden_bias, gradients.input_bias, sizeof gradients.hidden_bias);
}

static void adam(void) {
  const float lr = 0.02f, beta1 = 0.9f, beta2 = 0.999f, epsilon = 1e-8f;
  const float rate = lr / (1 - pow(0.9, steps)), correction = 1 / (1 - pow(0.999, steps));
  float *w = (float *)&weights, *g = (float *)&gradients, *m = (float *)&means, *v = (float *)&squares;
  for (int i = 0; i < COUNT; i++) {
    m[i] = beta1 * m[i] + (1 - beta1) * g[i];
    v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
    w[i] -= rate * m[i] / (sqrtf(v[i] * correction) + epsilon);
  }
}

static float step(void) {
  const float *x = inputs[steps % WINDOWS], *target = targets[steps % WINDOWS];
  float y[TIME], dy[TIME], loss = 0;
  steps++;
  forward(x, y);
  for (int t = 0; t < TIME; t++) {
    loss += (y[t] - target[t]) * (y[t] - target[t]) / TIME;
    dy[t] = 2 * (y[t] - target[t]) / TIME;
  }
  backward(x, dy);
  adam();
  memcpy(h[0], h[TIME], sizeof h[0]);
  return loss;
}

static double now_ms(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

// As in measure.ts.
static void measure(double limit_ms, double chunk_ms) {
  const double began = now_ms();
  volatile float loss;
  int samples = 0;
  long count = 1;
  printf("{\"samples\":[");
  while (samples == 0 || (now_ms() - began < limit_ms && samples < MOST_SAMPLES)) {
    const double started = now_ms();
    for (long i = 0; i < count; i++) loss = step();
    const double elapsed = now_ms() - started;
    if (samples == 0 && elapsed < chunk_ms) count *= elapsed < chunk_ms / 4 ? 4 : 2;
    else printf(samples++ ? ",%.9g" : "%.9g", elapsed / count);
  }
  (void)loss;
  printf("]}\n");
}

static void first_values(int count) {
  printf("{\"values\":[");
  for (int i = 0; i < count; i++) printf(i ? ",%.9g" : "%.9g", step());
  printf("]}\n");
}

// Peak memory in MB; null on machines without /proc.
static void memory(void) {
  FILE *status = fopen("/proc/self/status", "r");
  char line[256];
  long kb = -1;
  while (status && fgets(line, sizeof line, status)) sscanf(line, "VmHWM: %ld", &kb);
  if (kb < 0) printf("{\"peakMb\":null}\n");
  else printf("{\"peakMb\":%.3f}\n", kb / 1024.0);
}

static void load(const char *path) {
  FILE *file = fopen(path, "rb");
  const size_t expected = COUNT + 2 * WINDOWS * TIME;
  size_t received = 0;
  if (file) {
    received += fread(&weights, sizeof(float), COUNT, file);
    received += fread(inputs, sizeof(float), WINDOWS * TIME, file);
    received += fread(targets, sizeof(float), WINDOWS * TIME, file);
  }
  if (received != expected) {
    fprintf(stderr, "limit: expected %zu floats in %s, received %zu\n", expected, path, received);
    exit(1);
  }
  for (int j = 0; j < H; j++)
    for (int i = 0; i < j; i++) {
      const float kept = weights.hidden_weight[j][i];
      weights.hidden_weight[j][i] = weights.hidden_weight[i][j];
      weights.hidden_weight[i][j] = kept;
    }
}

int main(int count, char **arguments) {
  char line[256];
  double a, b;
  if (count != 2) {
    fprintf(stderr, "limit: expected the material's file\n");
    return 2;
  }
  load(arguments[1]);
  printf("{\"importMs\":0}\n");
  fflush(stdout);
  while (fgets(line, sizeof line, stdin)) {
    if (sscanf(line, "first %lf", &a) == 1) first_values((int)a);
    else if (sscanf(line, "measure %lf %lf", &a, &b) == 2) measure(a, b);
    else if (strncmp(line, "memory", 6) == 0) memory();
    fflush(stdout);
  }
  return 0;
}
