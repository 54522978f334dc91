// The Lovász hinge natively: a radix sort of three 11-bit passes over 64-bit records, all digits counted while the keys are made,
// then weights and gradient in one walk of the sorted records. Reads "n", then n float32 logits and n labels (u8), from standard
// input; each further byte there asks for one run, answered by its milliseconds and the loss.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <utility>
#include <vector>

struct Hinge {
  std::vector<uint64_t> records, scratch;
  uint32_t counts[3][2048];

  explicit Hinge(size_t n) : records(n), scratch(n) {}

  double operator()(const float* logits, const uint8_t* labels, size_t n, float* grad) {
    std::memset(counts, 0, sizeof counts);
    uint32_t positives = 0;
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
      grad[i] = 0;
      positives += labels[i];
      const float error = 1.0f - (labels[i] ? logits[i] : -logits[i]);
      if (!(error > 0)) continue;
      uint32_t bits;
      std::memcpy(&bits, &error, 4);
      const uint32_t key = ~bits;
      counts[0][key & 2047]++;
      counts[1][(key >> 11) & 2047]++;
      counts[2][key >> 22]++;
      records[m++] = (uint64_t)key << 32 | (uint64_t)(i << 1) | labels[i];
    }
    uint64_t *from = records.data(), *to = scratch.data();
    for (int digit = 0; digit < 3; digit++) {
      uint32_t at = 0;
      for (uint32_t& c : counts[digit]) at += std::exchange(c, at);
      for (size_t k = 0; k < m; k++) to[counts[digit][(from[k] >> (32 + 11 * digit)) & 2047]++] = from[k];
      std::swap(from, to);
    }
    double loss = 0, fn = 0, fp = 0;
    const double P = positives;
    for (size_t k = 0; k < m; k++) {
      const uint32_t low = (uint32_t)from[k], bits = ~(uint32_t)(from[k] >> 32);
      float error;
      std::memcpy(&error, &bits, 4);
      double weight;
      if (low & 1) {
        weight = 1 / (P + fp);
        fn++;
        grad[low >> 1] = (float)-weight;
      } else {
        weight = P > 0 ? (P - fn) / ((P + fp) * (P + fp + 1)) : (k == 0);
        fp++;
        grad[low >> 1] = (float)weight;
      }
      loss += weight * error;
    }
    return loss;
  }
};

int main() {
  uint32_t n;
  if (std::fread(&n, 4, 1, stdin) != 1) return 1;
  std::vector<float> logits(n), grad(n);
  std::vector<uint8_t> labels(n);
  if (std::fread(logits.data(), 4, n, stdin) != n || std::fread(labels.data(), 1, n, stdin) != n) return 1;
  Hinge hinge(n);
  while (std::getchar() != EOF) {
    const auto start = std::chrono::steady_clock::now();
    const double loss = hinge(logits.data(), labels.data(), n, grad.data());
    const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - start;
    std::printf("%.6f %.9g\n", time.count(), loss);
    std::fflush(stdout);
  }
}
