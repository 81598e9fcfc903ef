/** French names of currencies by ISO 4217 code and three unofficial ones of the package. */
const CURRENCIES = new Map<string, string>(
  `AED=dirham des Émirats arabes unis;AFN=afghani;ALL=lek;AMD=dram;ANG=florin des Antilles néerlandaises;AOA=kwanza;ARS=peso argentin;AUD=dollar australien;AWG=florin d'Aruba;AZN=manat azerbaïdjanais;BAM=mark convertible;BBD=dollar de la Barbade;BDT=taka;BGN=lev;BHD=dinar de Bahreïn;BIF=franc burundais;BMD=dollar des Bermudes;BND=dollar de Brunei;BOB=boliviano;BRL=réal;BSD=dollar des Bahamas;BTN=ngultrum;BWP=pula;BYN=rouble biélorusse;BZD=dollar du Belize;CAD=dollar canadien;CDF=franc congolais;CHF=franc suisse;CKD=dollar des îles Cook;CLP=peso chilien;CNY=yuan;COP=peso colombien;CRC=colon costaricien;CUP=peso cubain;CVE=escudo cap-verdien;CZK=couronne tchèque;DJF=franc de Djibouti;DKK=couronne danoise;DOP=peso dominicain;DZD=dinar algérien;EGP=livre égyptienne;ERN=nakfa;ETB=birr;EUR=euro;FJD=dollar de Fidji;FKP=livre des îles Malouines;FOK=couronne féroïenne;GBP=livre sterling;GEL=lari;GGP=livre de Guernesey;GHS=cedi;GIP=livre de Gibraltar;GMD=dalasi;GNF=franc guinéen;GTQ=quetzal;GYD=dollar du Guyana;HKD=dollar de Hong Kong;HNL=lempira;HTG=gourde;HUF=forint;IDR=roupie indonésienne;ILS=nouveau shekel;IMP=livre mannoise;INR=roupie indienne;IQD=dinar irakien;IRR=rial iranien;ISK=couronne islandaise;JEP=livre de Jersey;JMD=dollar jamaïcain;JOD=dinar jordanien;JPY=yen;KES=shilling kényan;KGS=som;KHR=riel;KID=dollar des Kiribati;KMF=franc comorien;KPW=won nord-coréen;KRW=won sud-coréen;KWD=dinar koweïtien;KYD=dollar des îles Caïmans;KZT=tenge;LAK=kip;LBP=livre libanaise;LKR=roupie srilankaise;LRD=dollar libérien;LSL=loti;LYD=dinar libyen;MAD=dirham marocain;MDL=leu moldave;MGA=ariary;MKD=denar;MMK=kyat;MNT=tugrik;MOP=pataca;MRU=ouguiya;MUR=roupie mauricienne;MVR=rufiyaa;MWK=kwacha malawite;MXN=peso mexicain;MYR=ringgit;MZN=metical;NAD=dollar namibien;NGN=naira;NIO=cordoba;NOK=couronne norvégienne;NPR=roupie népalaise;NZD=dollar néo-zélandais;OMR=rial omanais;PAB=balboa;PEN=sol;PGK=kina;PHP=peso philippin;PKR=roupie pakistanaise;PLN=zloty;PYG=guarani;QAR=riyal qatarien;RON=leu roumain;RSD=dinar serbe;RUB=rouble russe;RWF=franc rwandais;SAR=riyal saoudien;SBD=dollar des îles Salomon;SCR=roupie seychelloise;SDG=livre soudanaise;SEK=couronne suédoise;SGD=dollar de Singapour;SHP=livre de Sainte-Hélène;SLE=leone;SLL=leone;SOS=shilling somalien;SRD=dollar du Suriname;SSP=livre sud-soudanaise;STN=dobra;SYP=livre syrienne;SZL=lilangeni;THB=baht;TJS=somoni;TMT=manat turkmène;TND=dinar tunisien;TOP=pa'anga;TRY=livre turque;TTD=dollar de Trinité-et-Tobago;TVD=dollar de Tuvalu;TWD=nouveau dollar de Taïwan;TZS=shilling tanzanien;UAH=hryvnia;UGX=shilling ougandais;USD=dollar américain;UYU=peso uruguayen;UZS=sum;VES=bolivar;VND=dong;VUV=vatu;WST=tala;XAF=franc CFA d'Afrique centrale;XCD=dollar des Caraïbes orientales;XOF=franc CFA d'Afrique de l'Ouest;XPF=franc Pacifique;YER=rial yéménite;ZAR=rand;ZMW=kwacha zambien`
    .split(';')
    .map((pair) => pair.split('=') as [string, string]),
);

const FEMININE = /^(livre|couronne|roupie|gourde|hryvnia|pataca|rufiyaa)\b/;

/** More are a list of what is taken somewhere, as in Zimbabwe, and not a country's money. */
const MOST = 3;

/** The currencies of a country under their French names, in the package's order. */
export function frenchCurrencies(codes: readonly string[]): string[] {
  if (codes.length > MOST) return [];
  return [...new Set(codes.map((code) => CURRENCIES.get(code)).filter((name) => name !== undefined))];
}

/** `l'euro`, `la livre turque`, `le yen`. */
export function currencyWithArticle(currency: string): string {
  if (FEMININE.test(currency)) return `la ${currency}`;
  return /^[aeioué]/.test(currency) && !currency.startsWith('ouguiya') ? `l'${currency}` : `le ${currency}`;
}
