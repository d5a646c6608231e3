"""Words that tell a name from its look-alikes: first names, and the capitalised words of a chart that name nobody."""

from typing import Final


def either(phrases: str) -> str:
    """A pattern for any of the phrases, which commas and line breaks part; they may be patterns themselves."""
    parts = [part.strip() for line in phrases.splitlines() for part in line.split(", ")]
    return f"(?:{'|'.join(part for part in parts if part)})"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FIRST: Final = _words(
    """
    Aaron Abdul Abigail Abraham Ada Adam Adrian Adriana Agnes Ahmed Aidan Aisha Akira Alan Albert Alberto Alejandra
    Alejandro Alex Alexander Alexandra Alexis Alfred Ali Alice Alicia Alison Allison Alyssa Amanda Amber Amelia Amina
    Amir Amy Ana Anastasia Andre Andrea Andreas Andrew Angel Angela Angelina Anil Anita Ann Anna Anne Annette Annie
    Anthony Antonio Arjun Arlene Arthur Ashley Audrey Aurora Austin Ava Barbara Beatrice Ben Benjamin Bernard Bernice
    Beth Betty Beverly Bonnie Bradley Brandon Brenda Brent Brian Brianna Bridget Bruce Bryan Caleb Cameron Carl Carla
    Carlos Carmen Carol Caroline Carolyn Carrie Catherine Cathy Cecilia Charles Charlotte Chen Cheryl Chloe Chris
    Christian Christina Christine Christopher Cindy Claire Clara Clarence Claudia Connie Connor Craig Cristina Crystal
    Curtis Cynthia Daniel Daniela Danielle Darlene David Dawn Deborah Debra Denise Dennis Derek Diana Diane Diego
    Dmitri Dolores Donald Donna Doris Dorothy Douglas Dylan Earl Edgar Edith Edna Eduardo Edward Edwin Eileen Elaine
    Eleanor Elena Eli Elias Elijah Elizabeth Ella Ellen Elsie Emily Emma Eric Erica Erik Erin Esther Ethan Ethel
    Eugene Eva Evan Evelyn Fatima Felicia Fernando Florence Frances Francesca Francis Francisco Frank Franklin Fred
    Frederick Gabriel Gabriela Gary Gene Geoffrey George Gerald Geraldine Gertrude Gina Giovanni Gladys Glenn Gloria
    Gordon Greg Gregory Guadalupe Hannah Harold Harriet Harry Hassan Hazel Heather Hector Heidi Helen Henry Herbert
    Hiroshi Holly Howard Hugo Ian Ibrahim Ida Igor Ingrid Irene Iris Isaac Isabel Isabella Ivan Jack Jackie Jacob
    Jacqueline Jaime James Jamie Jan Jane Janet Janice Jasmine Jason Javier Jay Jean Jeanette Jeff Jeffrey Jennifer
    Jenny Jeremy Jerome Jerry Jesse Jessica Jesus Jill Jim Joan Joanna Joanne Joe Joel John Johnny Jon Jonathan Jordan
    Jorge Jose Josef Joseph Josephine Joshua José Joyce Juan Juanita Judith Judy Julia Julian Julie June Justin Karen
    Karim Karl Katherine Kathleen Kathryn Kathy Katie Kayla Keith Kelly Kenneth Kevin Khalid Kim Kimberly Kyle Lakshmi
    Larry Latoya Laura Lauren Laurie Lawrence Leah Lee Leila Leo Leon Leonard Leroy Leslie Liam Lillian Linda Lisa
    Lois Lori Lorraine Louis Louise Lucas Lucia Lucille Lucy Luis Luke Lydia Lynn Madison Magdalena Malik Manuel Marc
    Marcia Marco Marcus Margaret Maria Marian Marie Marilyn Mario Marion Marjorie Marlene Martha Martin Marvin Mary
    María Mateo Matthew Maureen Maurice Maxine Megan Mei Melanie Melissa Melvin Mercedes Mia Michael Michelle Miguel
    Mildred Milton Ming Minh Miriam Mohamed Mohammad Mohammed Molly Monica Monique Morgan Muhammad Myrtle Nadia Nancy
    Naomi Natalia Natalie Natasha Nathan Nathaniel Neil Nicholas Nicole Nikhil Nikolai Nina Noah Nora Norma Norman
    Oksana Olga Olivia Omar Oscar Owen Pablo Pamela Patricia Patrick Paul Paula Pauline Pedro Peggy Penelope Peter
    Philip Phillip Phyllis Pierre Priya Rachel Rafael Raj Rajesh Ralph Ramon Randy Ravi Raymond Rebecca Regina Renee
    Ricardo Richard Rita Robert Roberta Roberto Robin Rodney Roger Roland Ronald Rosa Rosemary Roxanne Roy Ruben
    Russell Ruth Ryan Sally Salma Samantha Samuel Sandra Sanjay Sara Sarah Scott Sean Sergio Sharon Shawn Sheila
    Shirley Sofia Sonia Sophia Sophie Stacy Stanley Stella Stephanie Stephen Steve Steven Stuart Sue Susan Suzanne
    Sylvia Tamara Tammy Tanya Teresa Terry Thelma Theodore Theresa Thomas Tiffany Tim Timothy Tina Todd Tom Tomás Tony
    Tracy Travis Tyler Tyrone Valerie Vanessa Vera Vernon Veronica Victor Victoria Vincent Viola Virginia Vivian
    Vladimir Walter Wanda Wayne Wendy Wesley William Willie Xavier Xin Yolanda Yuki Yusuf Yvonne Zachary Zainab Zoe
    """
)
"""Common first names of the United States over the last hundred years, but for those that are words as well."""

NOBODY: Final = _words(
    """
    a abdominal able about above abuse access acid activity acute additional adhd admission admit admits adult advance
    after age agrees aid alcohol alert alive all allergies allergy ambulance ambulated ambulatory amputation and
    anemia anesthesia anesthesiologist anesthesiology anesthetist angiography ankle anterior anti antibiotic
    anticoagulation anxiety any apartment appeared appears appendix april arm arrived arthritis as asked aspirin
    assessment assistant assisted asthma at attending audiology august author autism awake back bariatric bay bed
    behavioral below benign bilateral biopsy birth bladder bleeding blood board body bone both bowel brain breast
    bronchitis burn but by called cancer cardiac cardiologist cardiology cardiothoracic care carotid case cataract
    cell center central cervical chair chart chemo chemotherapy chest chief child children children's chronic clinic
    clinical coagulation colon colorectal coma community complains complaint complete complications computer concerns
    condition consent consult consultant consulting consults continue continued cooper cooperative coordinator
    coronary correct cough coumadin counselor course covering crisis criteria critical ct current cyst date day days
    dead death deceased december declined deep deficit delivery dementia denies dental dentist deny department
    depression dermatologist dermatology diabetes diabetic diagnosis diagnostic dialysis did died diet dietary
    dietitian director discharge discharged disease disorder disposition distal doctor does doing door dose down
    drinks drug dyspnea ear early eats echo education ekg elbow elderly electrolyte elementary emergency ems emt
    encounter endocrine endocrinology endoscopy ent epilepsy er error evaluation exam examination expired extended
    extubated eye facility failure fall family father february feels fellow female femoral fever findings first floor
    fluid followed following foot for fracture free friday from full gait gastric gastroenterologist gastroenterology
    general generalized genetic genetics geriatric geriatrics gi given good grade group gu guideline guidelines
    gynecology had hall hand has have he head headache health healthcare healthy hearing heart hematology hemorrhage
    hepatic hepatitis hepatology her high hip his history home homeless hospice hospital hospitalist hours house hx
    hyper hypertension icu identified imaging immunization immunology impression in incontinence increased infant
    infection infectious inferior infusion initial injury inpatient instructed instructions insulin insurance
    intensive intern internal internist interpreter interval interventional intubated is it january july june kidney
    knee lab labor laboratory labs language last late lateral left leg lesion level licensed lipid lived liver lives
    living local long low lower lumbar lung lymphoma major male management manager march maternal may mcc md medial
    medicaid medical medicare medication medications medicine memory mental metabolic midwife migraine mild mobile
    moderate monday monitor morning mother motor mr mri multiple muscle nasal nausea neck negative neonatal
    neonatology nephrologist nephrology nerve neuro neurological neurologist neurology neurosurgeon neurosurgery never
    new newborn next night no non none normal nose not note noted notes notified november np nurse nursery nursing
    nutrition ob obese obesity obgyn observation obstetrician obstetrics occupational october of office on oncologist
    oncology only open operating operative ophthalmologist ophthalmology optometry or oral orders oriented ortho
    orthopaedic orthopedic orthopedics orthopedist other our outpatient outside oxygen pacu pain palliative palsy
    pancreatic partial past pathologist pathology patient pcp pediatric pediatrician pediatrics pelvic pending per
    perinatal peripheral pharmacist pharmacy phone physiatrist physical physician placed plan plans plastic pleural
    pneumonia podiatrist podiatry policy positive post posterior postpartum practice practitioner pre pregnancy
    present presented presents primary prior procedure program progress prostate protocol provider psych psychiatric
    psychiatrist psychiatry psychologist psychology pt public pulmonary pulmonologist pulmonology pump quit radiation
    radiologist radiology radius received record records recovery referral referring refused regional regular rehab
    rehabilitation remains remote renal reported reports requests required resident residential respiratory resting
    retired returned review rheumatologist rheumatology right rn room routine same saturday says school screening
    second secondary sedated see seems seen seizure senior sepsis september service services severe she shelter short
    shoulder signs since single sits skilled skin sleep sleeps slp smokes smoking social soft specialist specialty
    speech spinal spine sports stable staff stage started stated states status step still stool stopped street stroke
    student subacute substance sudden suite sunday support surgeon surgery surgical suspected symptoms syndrome
    systems taken takes team tearful technician technologist telehealth telemetry temporary test the their then
    therapist therapy they third this thoracentesis thoracic thursday thyroid tissue to today told tolerated tolerates
    total tower tpn transfer transferred transplant transport transported trauma treatment triage tuesday type ulcer
    ultrasound unable understands underwent unit units unknown unstable until upper urgent urinary urine urologist
    urology use uses vaccine vaginal vascular vein ventilator verbalized veterans video viral vision visit vital
    vitals voided vomited wakes walk walk-in walked wants ward was weak week weekend weight well when while white who
    wife will wing with without women women's works would wound wrist x-ray year years yes young younger
    """
)
"""Capitalised words of charts (roles, services, headings) that are no part of a name, in small letters."""

EPONYMS: Final = _words(
    """
    addison alport alzheimer apgar asperger babinski baker barlow barrett bartholin bartter basedow beck becker behcet
    bell bence binet bishop bowen braden braxton broca brudzinski brugada budd burkitt caprini chadwick charcot chiari
    child chvostek colles cope corrigan courvoisier crohn cullen cushing dandy doppler douglas down dubin duke
    dupuytren edwards ehlers eisenmenger epstein epworth erb ewing fabry fahr fallot fanconi felty finkelstein
    fitzpatrick foley fontan fournier fowler friedreich gardner gartland gaucher geneva gilbert glasgow gleason
    goodpasture gottron graves grey guillain haglund hamman hartmann hartnup hashimoto hawkins heberden heimlich
    henoch hickman hill hirschsprung hodgkin hoffmann holter homans horner hounsfield house huntington hurler
    hutchinson jackson jacobs jakob jones kaposi kawasaki kayser kegel kernig killip kleinfelter klinefelter klippel
    koch kocher koplik korsakoff krukenberg kussmaul lachman lambert lasegue legg lennox lewy lhermitte lisfranc
    little lou ludwig lund lyme maisonneuve mallampati mallory marfan mcburney mccune mcgeer mcmurray meckel meniere
    merkel mini mobitz mohs moro morse morton munchausen murphy neer nissen norton osgood osler paget pancoast
    parkinson patau perthes peyronie pfannenstiel phalen pick plummer pott potter prader prinzmetal quincke ramsay
    ranson raynaud reed reiter rett reye richter rinne rockall romberg roth roux rovsing salter schatzki scheuermann
    schilling schober seldinger sever sheehan sister sjogren sjögren snellen somogyi spurling steinert steinstrasse
    stevens still stokes sturge sudeck swan takayasu takotsubo tanner tay thomas tinel todd tourette trendelenburg
    trousseau turner valsalva virchow von waldenstrom weber wegener wells wenckebach wernicke whipple wilms wilson
    wolff wood wright yergason zenker zollinger
    """
)
"""People whose names are signs, diseases, scores and devices, in small letters."""

STATES: Final = _words(
    """
    Alabama Alaska Arizona Arkansas California Carolina Colorado Connecticut Dakota Delaware Florida Georgia Hampshire
    Hawaii Idaho Illinois Indiana Iowa Island Jersey Kansas Kentucky Louisiana Maine Maryland Massachusetts Mexico
    Michigan Minnesota Mississippi Missouri Montana Nebraska Nevada Ohio Oklahoma Oregon Pennsylvania Tennessee Texas
    Utah Vermont Virginia Washington Wisconsin Wyoming York
    """
)
"""The states of the United States by their last word: a state is no identifier."""

COUNTRIES: Final = _words(
    """
    Afghanistan Africa America Arabia Argentina Asia Australia Austria Bangladesh Belgium Bhutan Bolivia Brazil
    Britain Cambodia Cameroon Canada Caribbean Chile China Coast Colombia Congo Croatia Cuba Denmark Ecuador Egypt
    England Eritrea Ethiopia Europe Faso Finland France Germany Ghana Greece Guatemala Guinea Guyana Haiti Honduras
    Hungary India Indonesia Iran Iraq Ireland Israel Italy Jamaica Japan Jordan Kenya Kingdom Korea Kuwait Laos
    Lebanon Leone Liberia Libya Malaysia Mali Mexico Mongolia Morocco Myanmar Nepal Netherlands Nicaragua Niger
    Nigeria Norway Pakistan Panama Paraguay Peru Philippines Poland Portugal Republic Rico Romania Russia Rwanda
    Salvador Scotland Senegal Serbia Singapore Slovakia Slovenia Somalia Spain States Sudan Sweden Switzerland Syria
    Taiwan Tanzania Thailand Tibet Togo Tunisia Turkey Uganda Ukraine Uruguay US USA Uzbekistan Venezuela Vietnam
    Wales Yemen Zaire Zambia Zealand Zimbabwe
    """
)
"""Countries and continents, by their last word: larger than a state."""

PLAIN: Final = _words(
    """
    banks bay bell berry bird black blue brown chase cook cross day drew faith field fields fish fox frost gold good
    grace grant gray green hall hope hunt ivory jade lane long love low major mark moon noble olive page park pearl
    pope price rich ring rivers rose sharp shore short silver snow spring sterling stone street summer summers temple
    violet wall walls ward waters white will winter winters wing wolf young
    """
)
"""Surnames and first names that are words as well, in small letters."""

SEASONS: Final = _words("april august december february friday january july june march may monday saturday sunday")
"""Months and days of the week that are names as well, in small letters."""

CARE_WORDS: Final = _words(
    """
    academy apartments associates assisted cancer care center church clinic college community county ctr dialysis
    elementary estates general group health healthcare high home hospice hospital infirmary jail living manor med
    medical memorial middle nursing parish park pharmacy physicians prison regional rehab rehabilitation saint school
    senior shelter surgery system township university urgent village
    """
)
"""Words of the names of hospitals, schools and other houses that are no name by themselves, in small letters."""
