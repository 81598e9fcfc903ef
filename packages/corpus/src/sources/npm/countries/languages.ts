/** French names of languages by the package's English ones; lower case, as French writes them. */
const LANGUAGES = new Map<string, string>(
  `Afrikaans=afrikaans;Albanian=albanais;Amharic=amharique;Arabic=arabe;Aramaic=araméen;Armenian=arménien;Austro-Bavarian German=allemand;Aymara=aymara;Azerbaijani=azéri;Belarusian=biélorusse;Belizean Creole=créole bélizien;Bengali=bengali;Berber=berbère;Bislama=bichelamar;Bosnian=bosnien;Bulgarian=bulgare;Burmese=birman;Carolinian=carolinien;Catalan=catalan;Chamorro=chamorro;Chewa=chichewa;Chibarwe=chibarwe;Chinese=chinois;Comorian=comorien;Cook Islands Māori=maori des îles Cook;Croatian=croate;Czech=tchèque;Danish=danois;Dari=dari;Dutch=néerlandais;Dzongkha=dzongkha;English=anglais;Estonian=estonien;Faroese=féroïen;Fiji Hindi=hindi des Fidji;Fijian=fidjien;Filipino=filipino;Finnish=finnois;French=français;Georgian=géorgien;German=allemand;Gilbertese=gilbertin;Greek=grec;Greenlandic=groenlandais;Guaraní=guarani;Guernésiais=guernesiais;Haitian Creole=créole haïtien;Hassaniya=hassaniya;Hebrew=hébreu;Herero=héréro;Hindi=hindi;Hiri Motu=hiri motu;Hungarian=hongrois;Icelandic=islandais;Indonesian=indonésien;Irish=irlandais;Italian=italien;Jamaican Patois=créole jamaïcain;Japanese=japonais;Jèrriais=jersiais;Kalanga=kalanga;Kazakh=kazakh;Khmer=khmer;Khoekhoe=khoïkhoï;Khoisan=khoïsan;Kikongo=kikongo;Kinyarwanda=kinyarwanda;Kirundi=kirundi;Korean=coréen;Kwangali=kwangali;Kyrgyz=kirghiz;Lao=lao;Latin=latin;Latvian=letton;Lingala=lingala;Lithuanian=lituanien;Lozi=lozi;Luxembourgish=luxembourgeois;Macedonian=macédonien;Malagasy=malgache;Malay=malais;Maldivian=maldivien;Maltese=maltais;Manx=mannois;Marshallese=marshallais;Mauritian Creole=créole mauricien;Moldavian=moldave;Mongolian=mongol;Montenegrin=monténégrin;Māori=maori;Nauru=nauruan;Ndau=ndau;Ndonga=ndonga;Nepali=népalais;New Zealand Sign Language=langue des signes néo-zélandaise;Niuean=niuéen;Norfuk=norfolkais;Northern Ndebele=ndébélé du Nord;Northern Sotho=sotho du Nord;Norwegian=norvégien;Norwegian Bokmål=norvégien bokmål;Norwegian Nynorsk=norvégien nynorsk;Palauan=paluan;Papiamento=papiamento;Pashto=pachto;Persian (Farsi)=persan;Polish=polonais;Portuguese=portugais;Quechua=quechua;Romanian=roumain;Romansh=romanche;Russian=russe;Sami=same;Samoan=samoan;Sango=sango;Serbian=serbe;Seychellois Creole=créole seychellois;Shona=shona;Sinhala=cingalais;Slovak=slovaque;Slovene=slovène;Somali=somali;Sorani=sorani;Sotho=sotho du Sud;Southern Ndebele=ndébélé du Sud;Southern Sotho=sotho du Sud;Spanish=espagnol;Swahili=swahili;Swazi=swati;Swedish=suédois;Swiss German=suisse allemand;Tajik=tadjik;Tamil=tamoul;Tetum=tétoum;Thai=thaï;Tigrinya=tigrigna;Tok Pisin=tok pisin;Tokelauan=tokélaouen;Tonga=tonga;Tongan=tongien;Tshiluba=tshiluba;Tsonga=tsonga;Tswana=tswana;Turkish=turc;Turkmen=turkmène;Tuvaluan=tuvaluan;Ukrainian=ukrainien;Upper Guinea Creole=créole de Guinée-Bissau;Urdu=ourdou;Uzbek=ouzbek;Venda=venda;Vietnamese=vietnamien;Xhosa=xhosa;Zimbabwean Sign Language=langue des signes zimbabwéenne;Zulu=zoulou`
    .split(';')
    .map((pair) => pair.split('=') as [string, string]),
);

/** The languages of a country under their French names, alphabetically; those without one here are left out. */
export function frenchLanguages(english: readonly string[]): string[] {
  const names = english.map((name) => LANGUAGES.get(name)).filter((name) => name !== undefined);
  return [...new Set(names)].sort((a, b) => (a < b ? -1 : 1));
}

/** `le français`, `l'anglais`, `la langue des signes néo-zélandaise`. */
export function withArticle(language: string): string {
  if (language.startsWith('langue')) return `la ${language}`;
  return /^[aeiouéè]|^h(?!indi|ongrois|éréro|iri|assaniya)/.test(language)
    ? `l'${language}`
    : `le ${language}`;
}
