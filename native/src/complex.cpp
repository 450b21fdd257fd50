// Complex numbers and the Fourier transform, under their tfjs names. Arithmetic and moves of complex numbers are the
// kernels of all numbers; src/engine/torch/complexKernels.ts lists which.
#include "kernel.h"

namespace kontrast {
namespace {

KONTRAST_INLINE_KERNEL(Complex, (const Tensor& real, const Tensor& imaginary),
                       at::complex(real.to(at::kFloat), imaginary.to(at::kFloat)));
KONTRAST_INLINE_KERNEL(Real, (const Tensor& x), at::real(x).clone());
KONTRAST_INLINE_KERNEL(Imag, (const Tensor& x), x.is_complex() ? at::imag(x).clone() : at::zeros_like(x));
KONTRAST_INLINE_KERNEL(ComplexAbs, (const Tensor& x), at::abs(x));

/// Discrete Fourier transforms of the rows of x [..., n], complex64. Throws where libtorch was built without pocketfft,
/// MKL or cuFFT.
KONTRAST_INLINE_KERNEL(FFT, (const Tensor& x), x.numel() == 0 ? x.clone() : at::fft_fft(x));

/// The inverse of FFT: divides by n.
KONTRAST_INLINE_KERNEL(IFFT, (const Tensor& x), x.numel() == 0 ? x.clone() : at::fft_ifft(x));

} // namespace
} // namespace kontrast
