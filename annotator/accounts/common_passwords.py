"""Passwords that everybody tries first, of eight characters or more; shorter ones are refused anyway."""

COMMON = frozenset(
    """
    00000000 000000000 0000000000 01234567 012345678 0123456789 09876543 0987654321 11111111 111111111 1111111111
    11223344 1122334455 112233445566 12121212 123123123 123123123123 12341234 1234512345 12345678 123456789
    1234567890 12345678910 123456789a 1234567a 12345678a 123456abc 1234qwer 123654789 123qweasd 123qweasdzxc
    13131313 147258369 147852369 159753456 18436572 1a2b3c4d 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc
    1qazxsw2 20202020 21212121 22222222 31415926 33333333 44444444 55555555 66666666 69696969 77777777 789456123
    87654321 88888888 987654321 9876543210 98765432 99999999 a1234567 a12345678 a123456789 a1b2c3d4 aa123456 aaaaaaaa
    abc12345 abcd1234 abcd12345 abcdefgh abcdefghi administrator admin123 admin1234 admin12345 adminadmin
    alexander alexandra america1 american anderson andrea123 andrew123 angel123 angelina anthony1 apple123 asdasdasd
    asdf1234 asdfasdf asdfghjk asdfghjkl asdfjkl; asdfqwer ashley123 australia babygirl babygirl1 barcelona baseball
    baseball1 basketball batman123 beautiful benjamin bismillah blink182 bonjour1 booboo12 brooklyn buster12 butterfly
    california carolina caroline changeme changeme1 changeme123 charlie1 charlotte cheese12 chelsea1 chocolate
    christian christina christine christmas cinderella claudia1 computer computer1 consumer corvette courtney cowboys1
    creative crystal1 daniel123 danielle darkness december diamond1 dolphins dragon12 dragon123 einstein elephant
    elizabeth emmanuel espresso everyone example1 facebook falcons1 february firebird flamingo florence flower12
    football football1 football123 forever1 francesco franklin freedom1 friends1 friendship fuckyou1 fuckyou123
    gabriel1 garfield george12 goodluck google123 grandma1 greenday guitar12 hallo123 hannover happy123 harrypotter
    hello123 hello1234 helloworld heather1 hellokitty hockey12 hollywood hunter12 iloveyou iloveyou1 iloveyou2
    iloveyou123 infinity internet isabella jackson1 january1 jasmine1 jennifer jessica1 jesuschrist jonathan jordan23
    jordan123 joshua12 justin123 killer12 kimberly kristina lakers24 lastfm12 lavender leonardo letmein1 letmein123
    letmein12 liverpool liverpool1 lovelove loveme12 loveyou1 lovely12 madison1 magdalena manchester margaret marie123
    marlboro marseille martin12 master12 master123 maverick maxwell1 melissa1 mercedes metallica michael1 michael123
    michelle michelle1 microsoft midnight minecraft monkey12 monkey123 montreal mother12 motdepasse mountain mustang1
    myspace1 nathan12 newyork1 nicholas nicole12 nintendo november number12 october1 oliver12 p@ssw0rd p@ssword
    pa$$w0rd pass1234 pass12345 passw0rd passw0rd1 password password! password1 password1! password12 password123
    password1234 password123! password2 password@123 passwort passwort1 patricia peaches1 penguin1 pepper12 peter123
    phoenix1 pokemon1 pokemon123 precious princess princess1 princess123 q1w2e3r4 q1w2e3r4t5 qazwsx123 qazwsxedc
    qazxswedc qq123456 qwe123456 qweasdzxc qweqweqwe qwer1234 qwerasdf qwerqwer qwert123 qwert12345 qwerty12
    qwerty123 qwerty1234 qwerty12345 qwerty123456 qwertyui qwertyuiop qwertz123 qwertzuiop rainbow1 raiders1 rangers1
    realmadrid rebecca1 redskins richard1 robert12 rockstar sabrina1 samantha samsung1 samsung123 sandra12 scorpion
    sebastian secret12 secret123 secretpassword september serenity shadow12 shadow123 simpsons slipknot snowball
    soccer12 something spiderman spongebob srinivas starwars starwars1 steelers stephanie sterling strawberry summer12
    summer123 sunflower sunshine sunshine1 superman superman1 superstar sweetheart swordfish sydney12 temporary
    tennis12 test1234 test12345 testtest thailand thomas12 thunder1 tiffany1 tigger12 tinkerbell tottenham trinity1
    trustno1 twilight tyler123 undertaker united12 valentina valentine vanessa1 veronica victoria victory1 welcome1
    welcome12 welcome123 welcome1! westside whatever whatever1 william1 willow12 winston1 winter12 winter123
    wolverine wordpress wonderful yamaha12 yankees1 yellow12 zaq12wsx zaq1zaq1 zaqxswcde zxcvbnm1 zxcvbnm123 zxcvbnm,
    newsroom factcheck fact-check factcheck1 newsroom1 newspaper journalist annotator annotator1 annotator123
    """.split()
)
