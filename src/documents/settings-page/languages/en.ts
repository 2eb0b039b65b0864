import type { PageLanguage } from "./page-language.ts";

export const en: PageLanguage = {
  tag: "en",
  name: "English",
  direction: "ltr",
  page: {
    title: "Email settings for {domain}",
    languages: "Languages",
    heading: "Set up your email",
    lead: "What a mail app needs to know for addresses that end in *@{domain}*.",
    advice:
      "Many apps find these settings by themselves. Enter your address and password there first, and use the values below where an app asks for them.",
    neverAsks: "This page never asks for your password.",
    webmail: "Open webmail",
    help: "More help",
  },
  settings: {
    heading: "Settings",
    account: "Account",
    incoming: "Incoming mail",
    outgoing: "Outgoing mail",
    userName: "User name",
    userNameIsAddress: "your full email address, including *@{domain}*",
    userNameIsLocalPart: "the part of your email address before the @",
    password: "Password",
    passwordOfMailbox: "the password of your mailbox",
    server: "Server",
    port: "Port",
    security: "Security",
    tls: { implicit: "SSL/TLS", starttls: "STARTTLS", plain: "None" },
    signIn: "Sign-in",
    sameSignIn: "same user name and password",
    plainWarning:
      "A connection without encryption lets others on the network read your mail and your password.",
    oauth2:
      "If your app offers to sign in with a browser (OAuth 2.0), you can do so instead of typing a password. The sign-in page belongs to *{issuer}*.",
  },
  protocol: {
    heading: "IMAP or POP3?",
    imap: "Your mail stays on the server, and all your devices show the same folders.",
    imapAdvice: "The right choice for almost everyone.",
    pop3: "The app downloads your mail to one device and usually deletes it from the server. Folders and sent mail exist on that device only, and so does the risk of losing them.",
    pop3Advice: "Only for a single device that you back up yourself.",
  },
  spam: {
    heading: "Spam",
    trained:
      "Move unwanted mail to the junk folder, and wanted mail out of it: the spam filter learns from both. This needs IMAP.",
    notWithPop3: "An app that uses POP3 sorts mail on its own device only, and the filter learns nothing.",
    untrained:
      "Moving mail to the junk folder tidies up, but it does not train the spam filter of this server.",
  },
  services: {
    heading: "Other services",
    signIn: "With the same user name and password.",
    calDav: "Calendars (CalDAV)",
    cardDav: "Contacts (CardDAV)",
    jmap: "Mail over JMAP",
    sieve: "Mail filters (ManageSieve)",
  },
  profile: {
    heading: "Profile for iPhone, iPad and Mac",
    text: "The profile enters the values of this page for you. It contains no password: the device asks for it.",
    download: "Download the profile",
    scan: "Scan with the camera of an iPhone or iPad and open the link in Safari.",
    qrCode: "QR code: address of the profile",
  },
  apps: {
    heading: "Step by step",
    effort: {
      automatic: "Automatic",
      partly: "Partly automatic",
      profile: "With the profile",
      manual: "By hand",
    },
    guides: {
      thunderbird: {
        title: "Thunderbird",
        subtitle: "Windows, Mac, Linux",
        steps: [
          "Open the menu *≡* and choose *New Account*, then *Email*.",
          "Enter your name and your email address, and continue.",
          "Thunderbird finds the servers by itself. Compare them with this page, enter your password and finish.",
        ],
      },
      appleWithProfile: {
        title: "Apple Mail",
        subtitle: "iPhone, iPad, Mac",
        about: "Apple Mail does not look for the settings of a domain; the profile brings them.",
        steps: [
          "iPhone and iPad: open this page in *Safari* and download the profile. Other browsers may only save the file.",
          "Open *Settings*, tap *Profile Downloaded* near the top, then *Install*.",
          "Enter your email address and your password when you are asked for them.",
        ],
        note: "Mac: open the downloaded file, then double-click the profile in *System Settings › General › Device Management* and install it.",
      },
      appleByHand: {
        title: "Apple Mail",
        subtitle: "iPhone, iPad, Mac",
        about: "Apple Mail does not look for the settings of a domain, so you enter them yourself.",
        steps: [
          "iPhone and iPad: *Settings › Apps › Mail › Mail Accounts › Add Account › Other › Add Mail Account*. Mac: *System Settings › Internet Accounts › Add Account › Add Other Account › Mail account*.",
          "Enter your name, your email address and your password. Then choose *{protocol}* and enter the values of this page.",
          "Enter user name and password for the outgoing server as well, even where they are called optional.",
        ],
      },
      newOutlook: {
        title: "Outlook",
        subtitle: "new Outlook for Windows, Mac, iPhone, Android",
        about:
          "These editions ask a service of Microsoft instead of this domain, and it often finds nothing. Expect to enter the values yourself.",
        steps: [
          "Choose *Settings › Accounts › Add account*, on a phone *Add Account › Add Email Account*, and enter your email address.",
          "If Outlook suggests another provider or finds nothing, select *Choose provider* or *Set up account manually*, then *{protocol}*.",
          "Open the advanced settings (*Show more*) and enter the values of this page for incoming and outgoing mail.",
        ],
        note: "Outlook may keep a copy of your mail and your sign-in in Microsoft's cloud; it says so while you add the account. The phone editions cannot use POP3.",
      },
      classicOutlook: {
        title: "Outlook (classic)",
        subtitle: "Windows",
        about: "The settings are published for this edition, but only its older assistant looks for them.",
        steps: [
          "Close Outlook. Open the Windows *Control Panel*, search for *Mail* and choose *Mail (Microsoft Outlook) › Email Accounts › New*.",
          "Enter your name, your email address and your password. If Outlook asks whether *autodiscover.{domain}* may configure the account, allow it.",
          "Outlook finds the servers. Compare them with this page and finish.",
        ],
        note: "*File › Add Account* inside Outlook asks Microsoft instead. There, choose *Advanced options › Let me set up my account manually*, then *{protocol}*, and enter the values of this page.",
      },
      gmail: {
        title: "Gmail app",
        subtitle: "Android",
        about: "The Gmail app does not look for the settings of a domain.",
        steps: [
          "Tap your picture, then *Add another account › Other*.",
          "Enter your email address, tap *Manual setup* and choose *Personal ({protocol})*.",
          "Enter your password and the values of this page, first for incoming, then for outgoing mail.",
        ],
      },
      androidAutomatic: {
        title: "Thunderbird, K-9 Mail, FairEmail",
        subtitle: "Android",
        steps: [
          "Add an account and enter your email address.",
          "The app finds the servers by itself. Compare them with this page, enter your password and finish.",
        ],
      },
      androidByHand: {
        title: "Thunderbird, K-9 Mail, FairEmail",
        subtitle: "Android",
        about: "These apps find only IMAP servers by themselves.",
        steps: [
          "Add an account, enter your email address and choose the manual setup, then *{protocol}*.",
          "Enter your password and the values of this page.",
        ],
      },
      otherApp: {
        title: "Any other app",
        subtitle: "computer, phone, tablet",
        steps: [
          "Add an account of the kind *Other*, *Manual* or *{protocol}*.",
          "Enter the values of this page for incoming and outgoing mail, with user name and password for both.",
        ],
        note: "*SSL/TLS* is also called *SSL* or *implicit TLS*. If the app asks how to send the password, choose *Normal password*.",
      },
    },
  },
};
