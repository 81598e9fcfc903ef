/** Names frequent in the countries whose languages are read, for made-up mail addresses. */
export const givenNames =
  'alex alice amelie andrea anna anton camille carla charlie chloe claude clara daniel david dominique elena elias emma eric eva felix florian gabriel giulia hannah helene hugo ines jeanne jonas jules julia karim laura lea leo lina louis lucas lucia lukas manon marco maria marie mario marta martin max mia mila nina noah nora olivia oscar pablo paul paula pierre rachel rosa sacha samuel sara simon sofia sophie stefan theo thomas tom valeria victor yann yasmine zoe'.split(
    ' ',
  );

export const familyNames =
  'andre arnaud bauer becker bernard bertrand bianchi blanc bonnet boyer brown chevalier clark colombo conti cooper david diaz dubois dupont durand evans faure fischer fontaine fournier garcia garnier gautier girard gomez gonzalez greco guerin hall henry hoffmann jones keller klein koch lambert laurent lefebvre legrand leroy lopez marchand marino martin martinez mercier meyer michel moreau morel moreno moretti muller nicolas perez perrin petit ricci richard richter robert robin romano rossi rousseau roux ruiz sanchez schmidt schneider schulz simon smith taylor thomas torres vincent wagner walker weber white wilson wolf wood wright'.split(
    ' ',
  );
