// SPDX-License-Identifier: AGPL-3.0-or-later
// The bare llama.cpp loop that our engine is measured against: same library, same settings.
// loop MODEL THREADS TOKENS <PROMPT >ANSWER; stderr gets tokens, tokens/s, and the
// seconds from the prompt's text to the first token. It has computed the prompt before, and forgot.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "llama.h"

static void quiet(enum ggml_log_level level, const char *text, void *data) {
    (void) level, (void) text, (void) data;
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    const int threads = atoi(argv[2]), most = atoi(argv[3]);
    static char prompt[65536];
    const int length = fread(prompt, 1, sizeof prompt, stdin);

    llama_log_set(quiet, NULL);
    llama_backend_init();
    struct llama_model *model = llama_model_load_from_file(argv[1], llama_model_default_params());
    if (!model) return 1;
    const struct llama_vocab *vocab = llama_model_get_vocab(model);

    static llama_token tokens[65536];
    int count = llama_tokenize(vocab, prompt, length, tokens, 65536, false, true);
    struct llama_context_params params = llama_context_default_params();
    params.n_ctx = (count + most + 255) / 256 * 256;
    params.n_threads = params.n_threads_batch = threads;
    struct llama_context *context = llama_init_from_model(model, params);
    struct llama_sampler *greedy = llama_sampler_chain_init(llama_sampler_chain_default_params());
    llama_sampler_chain_add(greedy, llama_sampler_init_greedy());
    if (count < 1 || !context || llama_decode(context, llama_batch_get_one(tokens, count))) return 1;
    llama_synchronize(context);
    llama_memory_clear(llama_get_memory(context), true);

    const double asked = seconds();
    double first = 0, last = 0;
    count = llama_tokenize(vocab, prompt, length, tokens, 65536, false, true);
    if (llama_decode(context, llama_batch_get_one(tokens, count))) return 1;
    int made = 0;
    while (made < most) {
        llama_token token = llama_sampler_sample(greedy, context, -1);
        if (llama_vocab_is_eog(vocab, token)) break;
        char piece[256];
        const int size = llama_token_to_piece(vocab, token, piece, sizeof piece, 0, false);
        if (size > 0) fwrite(piece, 1, size, stdout), fflush(stdout);
        last = seconds();
        if (!made++) first = last;
        if (llama_decode(context, llama_batch_get_one(&token, 1))) return 1;
    }
    fprintf(stderr, "%d %.6f %.6f\n", made, made > 1 ? (made - 1) / (last - first) : 0.0, first - asked);
    return 0;
}
