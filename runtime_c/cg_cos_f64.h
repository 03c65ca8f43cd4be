/* SPDX-License-Identifier: 0BSD */
#ifndef CG_COS_F64_H
#define CG_COS_F64_H

#include "cg_bits_f64.h"

/* floor(a b / 2^64). */
static inline uint64_t cg_mul_high_u64(uint64_t a, uint64_t b)
{
    const uint64_t low = (a & 0xFFFFFFFFu) * (b & 0xFFFFFFFFu);
    const uint64_t one = (a >> 32) * (b & 0xFFFFFFFFu) + (low >> 32);
    const uint64_t two = (a & 0xFFFFFFFFu) * (b >> 32) + (one & 0xFFFFFFFFu);
    return (a >> 32) * (b >> 32) + (one >> 32) + (two >> 32);
}

/* |x| 2 / pi modulo 4, with 126 bits behind the point, as two halves: 192 bits of 2 / pi, from the
   one of weight 2 in the product on (Payne and Hanek). Exact to 2^-126 however large x is. */
static inline void cg_quarter_turns_f64(uint64_t magnitude, uint64_t *high, uint64_t *low)
{
    static const uint32_t digits[40] = {
        0u,          0u,          0u,          0xA2F9836Eu, 0x4E441529u, 0xFC2757D1u, 0xF534DDC0u,
        0xDB629599u, 0x3C439041u, 0xFE5163ABu, 0xDEBBC561u, 0xB7246E3Au, 0x424DD2E0u, 0x06492EEAu,
        0x09D1921Cu, 0xFE1DEB1Cu, 0xB129A73Eu, 0xE88235F5u, 0x2EBB4484u, 0xE99C7026u, 0xB45F7E41u,
        0x3991D639u, 0x835339F4u, 0x9C845F8Bu, 0xBDF9283Bu, 0x1FF897FFu, 0xDE05980Fu, 0xEF2F118Bu,
        0x5A0A6D1Fu, 0x6D367ECFu, 0x27CB09B7u, 0x4F463F66u, 0x9E5FEA2Du, 0x7527BAC7u, 0xEBE5F17Bu,
        0x3D0739F7u, 0x8A5292EAu, 0x6BFB5FB1u, 0x1F8D5D08u, 0x56033046u};
    const uint32_t start = (uint32_t)(magnitude >> 52) - 981u;
    const uint32_t *digit = digits + (start >> 5);
    const uint64_t upper = ((magnitude >> 32) & 0xFFFFFu) | 0x100000u;
    uint32_t window[6];
    uint32_t product[6];
    uint64_t carry = 0u;
    for (int32_t i = 5; i >= 0; i--) {
        const uint64_t two = ((uint64_t)digit[i] << 32) | digit[i + 1];
        window[i] = (uint32_t)(two >> (32u - (start & 31u)));
        carry += (magnitude & 0xFFFFFFFFu) * window[i];
        product[i] = (uint32_t)carry;
        carry >>= 32;
    }
    carry = 0u;
    for (int32_t i = 5; i > 0; i--) {
        carry += upper * window[i] + product[i - 1];
        product[i - 1] = (uint32_t)carry;
        carry >>= 32;
    }
    *high = ((uint64_t)product[0] << 32) | product[1];
    *low = ((uint64_t)product[2] << 32) | product[3];
}

/* cos x = +-cos y or +-sin y, y what is left of x beside a multiple of pi / 2, |y| <= pi / 4, in
   two doubles; then polynomials in y^2. NaN and infinity give NaN. Error below 1.0 ulp
   (docs/math.md). */
static inline double cg_cos_f64(double x)
{
    const uint64_t magnitude = cg_bits_f64(x) & 0x7FFFFFFFFFFFFFFFu;
    if (magnitude >= 0x7FF0000000000000u) {
        return cg_from_bits_f64(0x7FF8000000000000u);
    }
    if (magnitude < 0x3E40000000000000u) { /* 2^-27: cos x rounds to 1 */
        return 1.0;
    }
    uint64_t high;
    uint64_t low;
    cg_quarter_turns_f64(magnitude, &high, &low);
    const uint32_t n = (uint32_t)((high + ((uint64_t)1 << 61)) >> 62);
    high -= (uint64_t)n << 62;
    const uint32_t below = (uint32_t)(high >> 63);
    high = below != 0u ? ~high : high;
    low = below != 0u ? ~low : low;
    uint64_t exponent = 962u; /* of 2^-61 */
    while ((high >> 63) == 0u) { /* what is left is no double's zero: above 2^-63 */
        high = (high << 1) | (low >> 63);
        low <<= 1;
        exponent--;
    }
    const uint64_t y = cg_mul_high_u64(high, 0xC90FDAA22168C235u); /* pi / 2 */
    const double unit = cg_from_bits_f64(exponent << 52);
    const double whole = 4503599627370496.0; /* 2^52 */
    const double first = cg_from_bits_f64(0x4330000000000000u | (y >> 12)) - whole;
    const double second = cg_from_bits_f64(0x4330000000000000u | (y & 4095u)) - whole;
    const double a = first * 4096.0 * unit;
    const double b = second * unit;
    const double z = a * a;

    double value;
    uint32_t negative = n >> 1;
    if ((n & 1u) == 0u) {
        double c = -1.1359669928134825e-11;
        c = c * z + 2.0875723685816616e-09;
        c = c * z - 2.7557314355254124e-07;
        c = c * z + 2.480158728949188e-05;
        c = c * z - 0.0013888888888874138;
        c = c * z + 0.0416666666666666;
        const double half = 0.5 * z;
        const double w = 1.0 - half;
        value = w + ((1.0 - w - half) + (z * (z * c) - a * b));
    } else {
        double s = 1.5896828099370743e-10;
        s = s * z - 2.505075865650709e-08;
        s = s * z + 2.7557313695249113e-06;
        s = s * z - 0.0001984126982981702;
        s = s * z + 0.008333333333322425;
        const double cube = a * z;
        value = a - ((z * (0.5 * b - cube * s) - b) - cube * -0.16666666666666632);
        negative ^= below ^ 1u;
    }
    return (negative & 1u) != 0u ? -value : value;
}

#endif
