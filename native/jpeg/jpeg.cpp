// native/build/jpeg.node: decodes JPEG images with the system's libjpeg-turbo. Its own addon, without libtorch, so that
// the threads that decode load nothing else.
#include <napi.h>

#include <csetjmp>
#include <cstdio>
#include <string>

#include <jpeglib.h>

namespace {

/// libjpeg's way out of an error is a function that must not return.
struct Escape {
  jpeg_error_mgr manager;
  std::jmp_buf place;
};

void escape(j_common_ptr info) { std::longjmp(reinterpret_cast<Escape*>(info->err)->place, 1); }

/// Counts warnings, such as stray bytes; prints nothing.
void count(j_common_ptr info, int level) {
  if (level < 0) info->err->num_warnings++;
}

/// Keeps libjpeg's tables from image to image; one per thread, since each thread calls for itself.
class Decoder {
 public:
  /// Throws a JS error for a library that is not the one of the headers, as an update can leave it.
  explicit Decoder(Napi::Env env) {
    info_.err = jpeg_std_error(&escape_.manager);
    escape_.manager.error_exit = escape;
    escape_.manager.emit_message = count;
    if (setjmp(escape_.place) != 0) {
      char reason[JMSG_LENGTH_MAX];
      escape_.manager.format_message(reinterpret_cast<j_common_ptr>(&info_), reason);
      throw Napi::Error::New(env, std::string("native/build/jpeg.node does not fit the system's libjpeg (") + reason +
                                      "); build it again: npx kontrast setup");
    }
    jpeg_create_decompress(&info_);
  }

  ~Decoder() { jpeg_destroy_decompress(&info_); }

  /// Decodes to red, green, blue with libjpeg's defaults (islow DCT, fancy upsampling), as Pillow and torchvision do.
  ///   bytes, size   the file
  ///   pixels, room  where [height, width, 3] goes, and how many bytes fit
  ///   extent        gets width and height
  /// Returns 1; 0 for what another decoder has to look at (four colors, damage, warnings); -1 if `room` is too small.
  int decode(const unsigned char* bytes, size_t size, unsigned char* pixels, size_t room, int32_t* extent) {
    if (setjmp(escape_.place) != 0) {
      jpeg_abort_decompress(&info_);
      return 0;
    }
    escape_.manager.num_warnings = 0;
    jpeg_mem_src(&info_, const_cast<unsigned char*>(bytes), size);
    jpeg_read_header(&info_, TRUE);
    extent[0] = static_cast<int32_t>(info_.image_width);
    extent[1] = static_cast<int32_t>(info_.image_height);
    const size_t row = size_t{info_.image_width} * 3;
    const bool known = info_.jpeg_color_space == JCS_YCbCr || info_.jpeg_color_space == JCS_GRAYSCALE ||
                       info_.jpeg_color_space == JCS_RGB;
    if (!known || row * info_.image_height > room) {
      jpeg_abort_decompress(&info_);
      return known ? -1 : 0;
    }
    info_.out_color_space = JCS_RGB;
    jpeg_start_decompress(&info_);
    while (info_.output_scanline < info_.output_height) {
      JSAMPROW rows[4];
      const int left = static_cast<int>(info_.output_height - info_.output_scanline);
      const int wanted = left < 4 ? left : 4;
      for (int index = 0; index < wanted; index++) rows[index] = pixels + (info_.output_scanline + index) * row;
      jpeg_read_scanlines(&info_, rows, wanted);
    }
    jpeg_finish_decompress(&info_);
    return escape_.manager.num_warnings == 0 ? 1 : 0;
  }

 private:
  jpeg_decompress_struct info_{};
  Escape escape_{};
};

/// decode(jpeg, pixels, extent): see Decoder::decode.
Napi::Value decode(const Napi::CallbackInfo& info) {
  thread_local Decoder decoder(info.Env());
  auto jpeg = info[0].As<Napi::Uint8Array>();
  auto pixels = info[1].As<Napi::Uint8Array>();
  auto extent = info[2].As<Napi::Int32Array>();
  const int outcome =
      decoder.decode(jpeg.Data(), jpeg.ByteLength(), pixels.Data(), pixels.ByteLength(), extent.Data());
  return Napi::Number::New(info.Env(), outcome);
}

Napi::Object exports_of(Napi::Env env, Napi::Object exports) {
  exports.Set("decode", Napi::Function::New(env, decode, "decode"));
  return exports;
}

}  // namespace

NODE_API_MODULE(jpeg, exports_of)
