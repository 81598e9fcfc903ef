/** Continent and the phrase that says where, by the package's `region/subregion`. */
const REGIONS = new Map<string, { continent: string; where: string }>([
  ['Africa/Eastern Africa', { continent: 'Afrique', where: "en Afrique de l'Est" }],
  ['Africa/Middle Africa', { continent: 'Afrique', where: 'en Afrique centrale' }],
  ['Africa/Northern Africa', { continent: 'Afrique', where: 'en Afrique du Nord' }],
  ['Africa/Southern Africa', { continent: 'Afrique', where: 'en Afrique australe' }],
  ['Africa/Western Africa', { continent: 'Afrique', where: "en Afrique de l'Ouest" }],
  ['Americas/Caribbean', { continent: 'Amérique', where: 'dans les Caraïbes' }],
  ['Americas/Central America', { continent: 'Amérique', where: 'en Amérique centrale' }],
  ['Americas/North America', { continent: 'Amérique', where: 'en Amérique du Nord' }],
  ['Americas/South America', { continent: 'Amérique', where: 'en Amérique du Sud' }],
  ['Antarctic/', { continent: 'Antarctique', where: 'dans la région antarctique' }],
  ['Asia/Central Asia', { continent: 'Asie', where: 'en Asie centrale' }],
  ['Asia/Eastern Asia', { continent: 'Asie', where: "en Asie de l'Est" }],
  ['Asia/South-Eastern Asia', { continent: 'Asie', where: 'en Asie du Sud-Est' }],
  ['Asia/Southern Asia', { continent: 'Asie', where: 'en Asie du Sud' }],
  ['Asia/Western Asia', { continent: 'Asie', where: "en Asie de l'Ouest" }],
  ['Europe/Central Europe', { continent: 'Europe', where: 'en Europe centrale' }],
  ['Europe/Eastern Europe', { continent: 'Europe', where: "en Europe de l'Est" }],
  ['Europe/Northern Europe', { continent: 'Europe', where: 'en Europe du Nord' }],
  ['Europe/Southeast Europe', { continent: 'Europe', where: 'en Europe du Sud-Est' }],
  ['Europe/Southern Europe', { continent: 'Europe', where: 'en Europe du Sud' }],
  ['Europe/Western Europe', { continent: 'Europe', where: "en Europe de l'Ouest" }],
  ['Oceania/Australia and New Zealand', { continent: 'Océanie', where: 'en Australasie' }],
  ['Oceania/Melanesia', { continent: 'Océanie', where: 'en Mélanésie' }],
  ['Oceania/Micronesia', { continent: 'Océanie', where: 'en Micronésie' }],
  ['Oceania/Polynesia', { continent: 'Océanie', where: 'en Polynésie' }],
]);

export function frenchRegion(
  region: string,
  subregion: string,
): { continent: string; where: string } | undefined {
  return REGIONS.get(`${region}/${subregion}`);
}
