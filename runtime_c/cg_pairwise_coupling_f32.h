/* SPDX-License-Identifier: 0BSD */
#ifndef CG_PAIRWISE_COUPLING_F32_H
#define CG_PAIRWISE_COUPLING_F32_H

#include "cg_base.h"

/* Class probabilities p (n_classes) from the probabilities r of the pairs (0,1), (0,2) .. (1,2) ..
   by the iteration of Wu, Lin and Weng (2004), second approach: minimise the sum over pairs of
   (r_ji p_i - r_ij p_j)^2 on the simplex. q holds n_classes (n_classes + 1) values of scratch. */
static inline void cg_pairwise_coupling_f32(int32_t n_classes, const float *r, float *q, float *p)
{
    const int32_t n = n_classes;
    const float enough = 0.005f / (float)n;
    const int32_t most = n > 100 ? n : 100;
    float *qp = q + n * n;
    for (int32_t i = 0; i < n; i++) {
        p[i] = 1.0f / (float)n;
        q[i * n + i] = 0.0f;
    }
    for (int32_t i = 0; i < n; i++) {
        for (int32_t j = i + 1; j < n; j++) {
            const float rate = *r++;
            const float other = 1.0f - rate;
            q[i * n + i] += other * other;
            q[j * n + j] += rate * rate;
            q[i * n + j] = -(rate * other);
            q[j * n + i] = q[i * n + j];
        }
    }
    for (int32_t step = 0; step < most; step++) {
        float pqp = 0.0f;
        float worst = 0.0f;
        for (int32_t t = 0; t < n; t++) {
            qp[t] = 0.0f;
            for (int32_t j = 0; j < n; j++) {
                qp[t] += q[t * n + j] * p[j];
            }
            pqp += p[t] * qp[t];
        }
        for (int32_t t = 0; t < n; t++) {
            const float off = qp[t] < pqp ? pqp - qp[t] : qp[t] - pqp;
            worst = off > worst ? off : worst;
        }
        if (worst < enough) {
            break;
        }
        for (int32_t t = 0; t < n; t++) {
            const float move = (pqp - qp[t]) / q[t * n + t];
            const float shrink = 1.0f + move;
            p[t] += move;
            pqp = (pqp + move * (move * q[t * n + t] + 2.0f * qp[t])) / shrink / shrink;
            for (int32_t j = 0; j < n; j++) {
                qp[j] = (qp[j] + move * q[t * n + j]) / shrink;
                p[j] /= shrink;
            }
        }
    }
}

#endif
