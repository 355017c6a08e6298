/*
 * Common Belgian surnames, by language. faker's own lists for fr_BE and nl_BE are mostly English
 * names, so Belgian members take their surname from here.
 */

/** Of French-speaking Belgians. */
export const FRENCH_BELGIAN_SURNAMES: readonly string[] = (
  'Adam Antoine Bastin Bernard Bodart Bodson Bertrand Charlier Collard Collignon Colin Cornet Cuvelier Delfosse ' +
  'Delhaye Delvaux Denis Deprez Dethier Dubois Dumont Dupont Dupuis Etienne Evrard Fontaine François Gérard Gilles ' +
  'Gillet Goffin Gérome Hardy Henry Hubert Jacquemin Jacques Jadot Lacroix Lambert Laurent Lebrun Leclercq Lefèbvre ' +
  'Legrand Lejeune Lemaire Leroy Louis Maréchal Marchal Martin Massart Mathieu Michaux Michel Noël Parmentier Petit ' +
  'Pirard Pierre Piron Poncelet Remacle Renard Rousseau Servais Simon Thiry Thomas Toussaint Wauters Wéry Willems'
).split(' ')

/** Of Dutch-speaking Belgians. */
export const DUTCH_BELGIAN_SURNAMES: readonly string[] = (
  'Aerts|Baert|Bauwens|Bogaert|Bosmans|Celis|Claes|Claessens|Coppens|Cools|De Backer|De Bruyn|De Clercq|De Cock|' +
  'De Meyer|De Pauw|De Ridder|De Smedt|De Smet|De Vos|De Wilde|Declercq|Desmet|Devos|Dewitte|Dierckx|Engelen|' +
  'Geerts|Goethals|Goossens|Hendrickx|Hermans|Jacobs|Janssen|Janssens|Lambrechts|Lauwers|Lemmens|Lenaerts|Maes|' +
  'Martens|Mertens|Michiels|Moens|Nijs|Peeters|Pauwels|Segers|Smet|Smets|Stevens|Thijs|Van Damme|Van de Velde|' +
  'Van den Broeck|Van den Bossche|Van Dyck|Van Hoof|Vandenberghe|Verbeke|Vercammen|Verhaegen|Verhoeven|Vermeulen|' +
  'Verstraete|Wauters|Willems|Wouters|Wuyts'
).split('|')
