import type { PageLanguage } from "./page-language.ts";

export const de: PageLanguage = {
  tag: "de",
  name: "Deutsch",
  direction: "ltr",
  page: {
    title: "E-Mail-Einstellungen für {domain}",
    languages: "Sprachen",
    heading: "E-Mail einrichten",
    lead: "Was ein Mailprogramm über Adressen mit der Endung *@{domain}* wissen muss.",
    advice:
      "Viele Programme finden diese Einstellungen selbst. Geben Sie dort zuerst Adresse und Passwort ein, und nehmen Sie die Werte unten, wo ein Programm danach fragt.",
    neverAsks: "Diese Seite fragt nie nach Ihrem Passwort.",
    webmail: "Webmail öffnen",
    help: "Weitere Hilfe",
  },
  settings: {
    heading: "Einstellungen",
    account: "Konto",
    incoming: "Posteingang",
    outgoing: "Postausgang",
    userName: "Benutzername",
    userNameIsAddress: "Ihre ganze E-Mail-Adresse, mit *@{domain}*",
    userNameIsLocalPart: "der Teil Ihrer E-Mail-Adresse vor dem @",
    password: "Passwort",
    passwordOfMailbox: "das Passwort Ihres Postfachs",
    server: "Servername",
    port: "Portnummer",
    security: "Sicherheit",
    tls: { implicit: "SSL/TLS", starttls: "STARTTLS", plain: "keine" },
    signIn: "Anmeldung",
    sameSignIn: "gleicher Benutzername, gleiches Passwort",
    plainWarning: "Ohne Verschlüsselung können andere im Netz Ihre Mails und Ihr Passwort mitlesen.",
    oauth2:
      "Bietet Ihr Programm die Anmeldung im Browser an (OAuth 2.0), können Sie diese statt des Passworts verwenden. Die Anmeldeseite gehört zu *{issuer}*.",
  },
  protocol: {
    heading: "IMAP oder POP3?",
    imap: "Ihre Mails bleiben auf dem Server, und alle Ihre Geräte zeigen dieselben Ordner.",
    imapAdvice: "Für fast alle die richtige Wahl.",
    pop3: "Das Programm lädt Ihre Mails auf ein Gerät und löscht sie meist vom Server. Ordner und gesendete Mails gibt es nur auf diesem Gerät; geht es verloren, sind auch sie weg.",
    pop3Advice: "Nur für ein einzelnes Gerät, das Sie selbst sichern.",
  },
  spam: {
    heading: "Unerwünschte Mails",
    trained:
      "Verschieben Sie Unerwünschtes in den Spam-Ordner und Erwünschtes heraus: Der Filter lernt aus beidem. Dazu braucht es IMAP.",
    notWithPop3: "Ein Programm mit POP3 sortiert nur auf dem eigenen Gerät, der Filter lernt dabei nichts.",
    untrained:
      "Mails in den Spam-Ordner zu verschieben schafft Ordnung, trainiert den Filter dieses Servers aber nicht.",
  },
  services: {
    heading: "Weitere Dienste",
    signIn: "Mit gleichem Benutzernamen und Passwort.",
    calDav: "Kalender (CalDAV)",
    cardDav: "Kontakte (CardDAV)",
    jmap: "Mail über JMAP",
    sieve: "Mailfilter (ManageSieve)",
  },
  profile: {
    heading: "Profil für iPhone, iPad und Mac",
    text: "Das Profil trägt die Werte dieser Seite für Sie ein. Es enthält kein Passwort: Danach fragt das Gerät.",
    download: "Profil laden",
    scan: "Mit der Kamera von iPhone oder iPad scannen und den Link in Safari öffnen.",
    qrCode: "QR-Code: Adresse des Profils",
  },
  apps: {
    heading: "Schritt für Schritt",
    effort: {
      automatic: "Automatisch",
      partly: "Teils automatisch",
      profile: "Mit dem Profil",
      manual: "Von Hand",
    },
    guides: {
      thunderbird: {
        title: "Thunderbird",
        subtitle: "Windows, Mac, Linux",
        steps: [
          "Öffnen Sie das Menü *≡* und wählen Sie *Neues Konto*, dann *E-Mail*.",
          "Geben Sie Ihren Namen und Ihre E-Mail-Adresse ein, und fahren Sie fort.",
          "Thunderbird findet die Server selbst. Vergleichen Sie sie mit dieser Seite, geben Sie Ihr Passwort ein und schließen Sie ab.",
        ],
      },
      appleWithProfile: {
        title: "Apple Mail",
        subtitle: "iPhone, iPad, Mac",
        about: "Apple Mail sucht nicht nach den Einstellungen einer Domain; das Profil bringt sie mit.",
        steps: [
          "iPhone und iPad: Öffnen Sie diese Seite in *Safari* und laden Sie das Profil. Andere Browser speichern oft nur die Datei.",
          "Öffnen Sie die *Einstellungen*, tippen Sie weit oben auf *Profil geladen*, dann auf *Installieren*.",
          "Geben Sie E-Mail-Adresse und Passwort ein, wenn Sie danach gefragt werden.",
        ],
        note: "Mac: Öffnen Sie die geladene Datei. Doppelklicken Sie dann das Profil in *Systemeinstellungen › Allgemein › Geräteverwaltung* und installieren Sie es.",
      },
      appleByHand: {
        title: "Apple Mail",
        subtitle: "iPhone, iPad, Mac",
        about:
          "Apple Mail sucht nicht nach den Einstellungen einer Domain, deshalb tragen Sie sie selbst ein.",
        steps: [
          "iPhone und iPad: *Einstellungen › Apps › Mail › Mail-Accounts › Account hinzufügen › Andere › Mail-Account hinzufügen*. Mac: *Systemeinstellungen › Internetaccounts › Account hinzufügen › Anderen Account hinzufügen › Mail-Account*.",
          "Geben Sie Name, E-Mail-Adresse und Passwort ein. Wählen Sie dann *{protocol}* und tragen Sie die Werte dieser Seite ein.",
          "Geben Sie Benutzername und Passwort auch beim Postausgang ein, selbst wenn sie dort optional heißen.",
        ],
      },
      newOutlook: {
        title: "Outlook",
        subtitle: "neues Outlook für Windows, Mac, iPhone, Android",
        about:
          "Diese Ausgaben fragen einen Dienst von Microsoft statt dieser Domain, und der findet oft nichts. Rechnen Sie damit, die Werte selbst einzutragen.",
        steps: [
          "Wählen Sie *Einstellungen › Konten › Konto hinzufügen*, auf dem Telefon *Konto hinzufügen › E-Mail-Konto hinzufügen*, und geben Sie Ihre E-Mail-Adresse ein.",
          "Schlägt Outlook einen anderen Anbieter vor oder findet es nichts, wählen Sie *Anbieter auswählen* oder *Konto manuell einrichten*, dann *{protocol}*.",
          "Öffnen Sie die erweiterten Einstellungen (*Mehr anzeigen*) und tragen Sie die Werte dieser Seite für Posteingang und Postausgang ein.",
        ],
        note: "Outlook legt unter Umständen eine Kopie Ihrer Mails und Ihre Anmeldedaten in der Cloud von Microsoft ab; beim Hinzufügen des Kontos weist es darauf hin. Auf dem Telefon kann Outlook kein POP3.",
      },
      classicOutlook: {
        title: "Outlook (klassisch)",
        subtitle: "für Windows",
        about:
          "Für diese Ausgabe sind die Einstellungen veröffentlicht, doch nur ihr älterer Assistent sucht danach.",
        steps: [
          "Schließen Sie Outlook. Öffnen Sie die *Systemsteuerung* von Windows, suchen Sie nach *Mail* und wählen Sie *Mail (Microsoft Outlook) › E-Mail-Konten › Neu*.",
          "Geben Sie Name, E-Mail-Adresse und Passwort ein. Fragt Outlook, ob *autodiscover.{domain}* das Konto konfigurieren darf, stimmen Sie zu.",
          "Outlook findet die Server. Vergleichen Sie sie mit dieser Seite und schließen Sie ab.",
        ],
        note: "*Datei › Konto hinzufügen* in Outlook selbst fragt stattdessen Microsoft. Wählen Sie dort *Erweiterte Optionen › Ich möchte mein Konto manuell einrichten*, dann *{protocol}*, und tragen Sie die Werte dieser Seite ein.",
      },
      gmail: {
        title: "Gmail-App",
        subtitle: "auf Android",
        about: "Die Gmail-App sucht nicht nach den Einstellungen einer Domain.",
        steps: [
          "Tippen Sie auf Ihr Bild, dann auf *Weiteres Konto hinzufügen › Andere*.",
          "Geben Sie Ihre E-Mail-Adresse ein, tippen Sie auf *Manuell einrichten* und wählen Sie *Privat ({protocol})*.",
          "Geben Sie Ihr Passwort und die Werte dieser Seite ein, zuerst für den Posteingang, dann für den Postausgang.",
        ],
      },
      androidAutomatic: {
        title: "Thunderbird, K-9 Mail, FairEmail",
        subtitle: "auf Android",
        steps: [
          "Fügen Sie ein Konto hinzu und geben Sie Ihre E-Mail-Adresse ein.",
          "Die App findet die Server selbst. Vergleichen Sie sie mit dieser Seite, geben Sie Ihr Passwort ein und schließen Sie ab.",
        ],
      },
      androidByHand: {
        title: "Thunderbird, K-9 Mail, FairEmail",
        subtitle: "auf Android",
        about: "Diese Apps finden nur IMAP-Server selbst.",
        steps: [
          "Fügen Sie ein Konto hinzu, geben Sie Ihre E-Mail-Adresse ein und wählen Sie die manuelle Einrichtung, dann *{protocol}*.",
          "Geben Sie Ihr Passwort und die Werte dieser Seite ein.",
        ],
      },
      otherApp: {
        title: "Jedes andere Programm",
        subtitle: "Computer, Telefon, Tablet",
        steps: [
          "Fügen Sie ein Konto der Art *Andere*, *Manuell* oder *{protocol}* hinzu.",
          "Tragen Sie die Werte dieser Seite für Posteingang und Postausgang ein, mit Benutzername und Passwort für beide.",
        ],
        note: "*SSL/TLS* heißt auch *SSL* oder *implizites TLS*. Fragt das Programm, wie das Passwort gesendet wird, wählen Sie *Passwort, normal*.",
      },
    },
  },
};
