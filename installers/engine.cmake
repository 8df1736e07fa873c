# SPDX-License-Identifier: AGPL-3.0-or-later
# Read by llama.cpp's own build, after its project() line (CMAKE_PROJECT_llama.cpp_INCLUDE):
# the library of its example programs is not needed, and is a third of the work.
set(LLAMA_BUILD_COMMON OFF)
