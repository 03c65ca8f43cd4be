/* SPDX-License-Identifier: 0BSD */
#ifndef CG_ERF_F64_H
#define CG_ERF_F64_H

#include "cg_base.h"
#include "cg_bits_f64.h"
#include "cg_exp_f64.h"

/* erf x = x + x p(x^2) for |x| < 0.9; beyond, +-1 from |x| = 5.95, else 1 - e^(-|x| q(|x|)) with
   the sign of x. NaN gives NaN. Neighbours may step down by a unit. Error below 1.5 ulp
   (docs/math.md). */
static inline double cg_erf_f64(double x)
{
    const double magnitude = cg_from_bits_f64(cg_bits_f64(x) & 0x7FFFFFFFFFFFFFFFu);
    if (magnitude < 0.9) {
        if (magnitude < 1e-100) { /* so that no product is subnormal */
            return x + x * 0.1283791670955126;
        }
        const double z = x * x;
        double p = 6.486213999960386e-11;
        p = p * z - 1.1648174696469802e-09;
        p = p * z + 1.4722576759037385e-08;
        p = p * z - 1.6358554893338443e-07;
        p = p * z + 1.6461687386091439e-06;
        p = p * z - 1.4925633117185411e-05;
        p = p * z + 0.00012055332503926172;
        p = p * z - 0.0008548327014556264;
        p = p * z + 0.005223977625335712;
        p = p * z - 0.02686617064512365;
        p = p * z + 0.11283791670955097;
        p = p * z - 0.37612638903183754;
        p = p * z + 0.1283791670955126;
        return x + x * p;
    }

    double y = 1.0;
    if (magnitude < 5.95) {
        double q = 1.9509282071139767e-13;
        q = q * magnitude - 9.712015069639114e-12;
        q = q * magnitude + 2.2761006223854824e-10;
        q = q * magnitude - 3.3387014675632436e-09;
        q = q * magnitude + 3.435255362231649e-08;
        q = q * magnitude - 2.630306546933741e-07;
        q = q * magnitude + 1.5482966320966339e-06;
        q = q * magnitude - 7.108803319050384e-06;
        q = q * magnitude + 2.5345768837426824e-05;
        q = q * magnitude - 6.756450244048422e-05;
        q = q * magnitude + 0.00011672215974628385;
        q = q * magnitude - 3.213864599020431e-05;
        q = q * magnitude - 0.0005384973438419545;
        q = q * magnitude + 0.0016598758781631259;
        q = q * magnitude - 0.00018942950926253426;
        q = q * magnitude - 0.019136462450979993;
        q = q * magnitude + 0.10277488287947749;
        q = q * magnitude + 0.6366193670224037;
        q = q * magnitude + 1.1283792009825317;
        y = 1.0 - cg_exp_f64(-(magnitude * q));
    }
    return x < 0 ? -y : (x > 0 ? y : x);
}

#endif
