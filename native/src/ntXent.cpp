// NT-Xent of two views without the matrix of similarities: panels of rows, so that memory grows with the batch and not
// with its square.
#include <ATen/Parallel.h>

#include <cmath>
#include <limits>

#include "device.h"
#include "kernel.h"
#include "vectorized.h"

namespace kontrast {
namespace {

constexpr int64_t panel_rows = 256;
constexpr int64_t chunk = 1024; // columns that one thread takes at a time; fixed, so that sums do not depend on threads
constexpr double log2_e = 1.4426950408889634;

/// Row i's other view.
int64_t partner(int64_t i, int64_t views) { return (i + views / 2) % views; }

int64_t chunks(int64_t columns) { return (columns + chunk - 1) / chunk; }

/// Calls work(first, last) for every chunk of `columns`.
template <class Work>
void for_chunks(int64_t columns, const Work& work) {
  at::parallel_for(0, chunks(columns), 1, [&](int64_t begin, int64_t end) {
    for (int64_t c = begin; c < end; ++c) work(c * chunk, std::min(columns, (c + 1) * chunk));
  });
}

/// Adds 2^logit to the sum of each column; returns the sum of them all.
KONTRAST_VECTORIZED float add_powers(const float* logits, float* columns, int64_t count) {
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t k = 0; k < count; ++k) {
    const float power = exp2_fast(logits[k]);
    columns[k] += power;
    sum += power;
  }
  return sum;
}

/// logits ← 2^logit · (row + column).
KONTRAST_VECTORIZED void weigh_powers(float* logits, float row, const float* columns, int64_t count) {
#pragma omp simd
  for (int64_t k = 0; k < count; ++k) logits[k] = exp2_fast(logits[k]) * (row + columns[k]);
}

/// The similarities of a few rows to themselves and all later rows; the earlier ones are known by symmetry.
class Panels {
 public:
  /// logits(i, j) = factor · z_i · z_j
  Panels(const Tensor& z, double factor)
      : z_(z), scaled_(z.mul(factor)), views_(z.size(0)),
        buffer_(at::empty({std::min(panel_rows, views_) * views_}, z.options())) {}

  /// Calls use(first row, logits [rows, views − first row]) for each panel.
  template <class Use>
  void each(const Use& use) {
    for (int64_t first = 0; first < views_; first += panel_rows) {
      const int64_t rows = std::min(panel_rows, views_ - first), columns = views_ - first;
      Tensor panel = buffer_.narrow(0, 0, rows * columns).view({rows, columns});
      at::mm_out(panel, scaled_.narrow(0, first, rows), z_.narrow(0, first, columns).t());
      use(first, panel);
    }
  }

 private:
  const Tensor& z_;
  const Tensor scaled_;
  const int64_t views_;
  const Tensor buffer_;
};

/// The loss by loops, with similarities in the exponent as they are: they must be so small that no sum overflows.
double bounded_loss(const Tensor& z, double temperature, float* log_sum, float* miss) {
  const int64_t views = z.size(0);
  std::vector<double> negatives(views, 0.0); // sum over each view's negatives
  std::vector<float> positive(views);        // logit of each view's positive, base 2
  std::vector<float> of_columns(views), of_rows(chunks(views) * panel_rows);
  Panels(z, log2_e / temperature).each([&](int64_t first, const Tensor& panel) {
    const int64_t rows = panel.size(0), columns = panel.size(1);
    float* const logits = panel.data_ptr<float>();
    constexpr float nothing = -std::numeric_limits<float>::infinity();
    for (int64_t b = 0; b < rows; ++b) {
      logits[b * columns + b] = nothing;
      const int64_t other = partner(first + b, views);
      if (other < first) continue;
      float& logit = logits[b * columns + other - first];
      positive[first + b] = positive[other] = logit;
      logit = nothing;
    }
    for_chunks(columns, [&](int64_t begin, int64_t end) {
      std::fill(of_columns.begin() + begin, of_columns.begin() + end, 0.0f);
      float* sums = of_rows.data() + begin / chunk * panel_rows;
      for (int64_t b = 0; b < rows; ++b)
        sums[b] = add_powers(logits + b * columns + begin, of_columns.data() + begin, end - begin);
    });
    for (int64_t c = 0; c < chunks(columns); ++c)
      for (int64_t b = 0; b < rows; ++b) negatives[first + b] += of_rows[c * panel_rows + b];
    for (int64_t k = rows; k < columns; ++k) negatives[first + k] += of_columns[k];
  });
  double loss = 0;
  for (int64_t i = 0; i < views; ++i) {
    const double own = std::exp2(static_cast<double>(positive[i]));
    log_sum[i] = static_cast<float>(std::log(negatives[i] + own));
    miss[i] = static_cast<float>(negatives[i] / (negatives[i] + own));
    loss += std::log1p(negatives[i] / own);
  }
  return loss / static_cast<double>(views);
}

/// Σ over anchors of ∂loss/∂logit, applied to the other view of each pair, by loops; see bounded_loss.
Tensor bounded_gradient(const Tensor& z, double temperature, const float* log_sum, const float* miss) {
  const int64_t views = z.size(0);
  std::vector<float> inverse(views);
  for (int64_t i = 0; i < views; ++i) inverse[i] = std::exp(-log_sum[i]);
  Tensor result = at::zeros_like(z);
  Panels(z, log2_e / temperature).each([&](int64_t first, const Tensor& panel) {
    const int64_t rows = panel.size(0), columns = panel.size(1);
    float* const force = panel.data_ptr<float>();
    for_chunks(columns, [&](int64_t begin, int64_t end) {
      for (int64_t b = 0; b < rows; ++b)
        weigh_powers(force + b * columns + begin, inverse[first + b], inverse.data() + first + begin, end - begin);
    });
    for (int64_t b = 0; b < rows; ++b) {
      force[b * columns + b] = 0;
      const int64_t other = partner(first + b, views);
      if (other >= first) force[b * columns + other - first] = -(miss[first + b] + miss[other]);
    }
    result.narrow(0, first, rows).addmm_(panel, z.narrow(0, first, columns));
    if (columns == rows) return;
    const Tensor later = panel.narrow(1, rows, columns - rows);
    result.narrow(0, first + rows, columns - rows).addmm_(later.t(), z.narrow(0, first, rows));
  });
  return result;
}

/// Logits of some rows to all views, −∞ for each row itself and its positive; the positives' logits come beside them.
std::pair<Tensor, Tensor> negative_logits(const Tensor& z, double temperature, int64_t first, int64_t rows,
                                          const Tensor& partners) {
  constexpr double nothing = -std::numeric_limits<double>::infinity();
  Tensor logits = z.narrow(0, first, rows).div(temperature).mm(z.t());
  const Tensor others = partners.narrow(0, first, rows).unsqueeze(1);
  const Tensor positive = logits.gather(1, others).squeeze(1);
  logits.scatter_(1, others, nothing);
  logits.narrow(1, first, rows).diagonal().fill_(nothing);
  return {logits, positive};
}

Tensor partners_of(const Tensor& z) {
  const auto index = at::arange(z.size(0), z.options().dtype(at::kLong));
  return at::remainder(index + z.size(0) / 2, z.size(0));
}

/// The same for similarities of any size, on any device. Result: losses, log_sum, miss, [views] each.
std::array<Tensor, 3> any_loss(const Tensor& z, double temperature) {
  const int64_t views = z.size(0);
  const Tensor partners = partners_of(z);
  std::vector<Tensor> losses, sums, misses;
  for (int64_t first = 0; first < views; first += panel_rows) {
    const auto [logits, positive] = negative_logits(z, temperature, first, std::min(panel_rows, views - first), partners);
    const Tensor negatives = at::logsumexp(logits, 1);
    const Tensor lead = negatives - positive;
    losses.push_back(at::softplus(lead, 1, 80)); // beyond 80, softplus is its argument
    sums.push_back(at::logaddexp(negatives, positive));
    misses.push_back(at::sigmoid(lead));
  }
  return {at::cat(losses), at::cat(sums), at::cat(misses)};
}

Tensor any_gradient(const Tensor& z, double temperature, const Tensor& log_sum, const Tensor& miss) {
  const int64_t views = z.size(0);
  const Tensor partners = partners_of(z);
  std::vector<Tensor> result;
  for (int64_t first = 0; first < views; first += panel_rows) {
    const int64_t rows = std::min(panel_rows, views - first);
    const Tensor logits = negative_logits(z, temperature, first, rows, partners).first;
    Tensor force = at::exp(logits - log_sum.narrow(0, first, rows).unsqueeze(1)).add_(at::exp(logits - log_sum));
    const Tensor others = partners.narrow(0, first, rows);
    const Tensor of_positive = miss.narrow(0, first, rows).add(miss.index_select(0, others)).neg_();
    force.scatter_(1, others.unsqueeze(1), of_positive.unsqueeze(1));
    result.push_back(force.mm(z));
  }
  return at::cat(result);
}

/// Whether no similarity, in units of the temperature, leaves what the loops can add up in float32. NaN does.
bool is_bounded(const Tensor& z, double temperature) {
  constexpr double largest = 40; // e^40 times millions of views is far from float32's end, and e^−40 too
  return takes_loop(z) && z.square().sum(1).max().item<double>() / temperature <= largest;
}

/// NT-Xent (Chen et al. 2020, Eq. 1) of n items in two views each.
///   z [2n, d], row i + n is the other view of row i; rows of any length
///   result: loss, scalar, averaged over the views; [2, 2n], what the gradient needs: log Σ exp over all other views, and
///   1 − probability of the positive
std::vector<Tensor> NtXent(const Tensor& z, double temperature) {
  require(z.dim() == 2 && z.size(0) > 0 && z.size(0) % 2 == 0, "z must have an even number of rows, got ", z.sizes());
  if (!is_bounded(z, temperature)) {
    const auto [losses, log_sum, miss] = any_loss(z, temperature);
    return {losses.mean(), at::stack({log_sum, miss})};
  }
  Tensor rows = at::empty({2, z.size(0)}, z.options());
  float* const log_sum = rows.data_ptr<float>();
  const double loss = bounded_loss(z, temperature, log_sum, log_sum + z.size(0));
  return {at::full({}, loss, z.options()), rows};
}
KONTRAST_KERNEL(NtXent);

/// Gradient of NtXent by z, times `dy`, a scalar.
Tensor NtXentGrad(const Tensor& dy, const Tensor& z, const Tensor& rows, double temperature) {
  require(z.dim() == 2 && rows.sizes() == Shape({2, z.size(0)}) && dy.numel() == 1,
          "expected a scalar dy, z [2n, d] and rows [2, 2n]");
  require(z.scalar_type() == at::kFloat && rows.scalar_type() == at::kFloat, "z and rows must be float32");
  const Tensor log_sum = rows[0], miss = rows[1];
  const Tensor sum = is_bounded(z, temperature)
                         ? bounded_gradient(z, temperature, log_sum.data_ptr<float>(), miss.data_ptr<float>())
                         : any_gradient(z, temperature, log_sum, miss);
  return sum.mul(dy.div(temperature * static_cast<double>(z.size(0))));
}
KONTRAST_KERNEL(NtXentGrad);

} // namespace
} // namespace kontrast
