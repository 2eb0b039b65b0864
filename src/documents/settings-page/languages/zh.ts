import type { PageLanguage } from "./page-language.ts";

export const zh: PageLanguage = {
  tag: "zh",
  name: "中文",
  direction: "ltr",
  page: {
    title: "{domain} 邮箱设置",
    languages: "语言",
    heading: "设置您的邮箱",
    lead: "邮件应用使用以 *@{domain}* 结尾的地址时所需的全部信息。",
    advice:
      "许多应用能自动找到这些设置。请先在应用中输入邮箱地址和密码，只有在应用询问时才需填写下面的内容。",
    neverAsks: "本页面绝不会要求您输入密码。",
    webmail: "打开网页邮箱",
    help: "更多帮助",
  },
  settings: {
    heading: "设置",
    account: "账户",
    incoming: "接收邮件",
    outgoing: "发送邮件",
    userName: "用户名",
    userNameIsAddress: "您的完整邮箱地址，包括 *@{domain}*",
    userNameIsLocalPart: "邮箱地址中 @ 前面的部分",
    password: "密码",
    passwordOfMailbox: "您的邮箱密码",
    server: "服务器",
    port: "端口",
    security: "加密方式",
    tls: { implicit: "SSL/TLS", starttls: "STARTTLS", plain: "无" },
    signIn: "身份验证",
    sameSignIn: "使用相同的用户名和密码",
    plainWarning: "未加密的连接会让网络上的其他人读到您的邮件和密码。",
    oauth2: "如果您的应用支持在浏览器中登录（OAuth 2.0），可以用它代替密码。登录页面属于 *{issuer}*。",
  },
  protocol: {
    heading: "选择 IMAP 还是 POP3？",
    imap: "邮件保存在服务器上，您的所有设备显示相同的文件夹。",
    imapAdvice: "适合几乎所有人。",
    pop3: "应用把邮件下载到一台设备上，通常会从服务器删除。文件夹和已发送邮件只存在于该设备，设备丢失，邮件也随之丢失。",
    pop3Advice: "仅适合只用一台设备并自行备份的情况。",
  },
  spam: {
    heading: "垃圾邮件",
    trained:
      "请把不想要的邮件移到垃圾邮件文件夹，把误判的邮件移出来：过滤器会从中学习。此功能需要使用 IMAP。",
    notWithPop3: "使用 POP3 的应用只在本机整理邮件，过滤器无法从中学习。",
    untrained: "把邮件移到垃圾邮件文件夹只是整理邮件，不会训练本服务器的过滤器。",
  },
  services: {
    heading: "其他服务",
    signIn: "使用相同的用户名和密码。",
    calDav: "日历（CalDAV）",
    cardDav: "通讯录（CardDAV）",
    jmap: "通过 JMAP 收发邮件",
    sieve: "邮件过滤规则（ManageSieve）",
  },
  profile: {
    heading: "iPhone、iPad 和 Mac 描述文件",
    text: "描述文件会为您填好本页面的设置。其中不含密码，设备会向您询问。",
    download: "下载描述文件",
    scan: "用 iPhone 或 iPad 的相机扫描，并在 Safari 中打开链接。",
    qrCode: "二维码：描述文件的地址",
  },
  apps: {
    heading: "分步说明",
    effort: {
      automatic: "自动",
      partly: "部分自动",
      profile: "使用描述文件",
      manual: "手动",
    },
    guides: {
      thunderbird: {
        title: "Thunderbird",
        subtitle: "Windows、Mac、Linux",
        steps: [
          "打开菜单 *≡*，选择*新建账户*，再选择*电子邮件*。",
          "输入您的姓名和邮箱地址，然后继续。",
          "Thunderbird 会自动找到服务器。请与本页面核对，输入密码并完成。",
        ],
      },
      appleWithProfile: {
        title: "Apple 邮件",
        subtitle: "iPhone、iPad、Mac",
        about: "Apple 邮件不会查找域名的设置，需要由描述文件提供。",
        steps: [
          "iPhone 和 iPad：在 *Safari* 中打开本页面并下载描述文件。其他浏览器可能只会保存文件。",
          "打开*设置*，轻点靠近顶部的*已下载描述文件*，再轻点*安装*。",
          "按提示输入邮箱地址和密码。",
        ],
        note: "Mac：打开下载的文件，然后在*系统设置 › 通用 › 设备管理*中双击该描述文件并安装。",
      },
      appleByHand: {
        title: "Apple 邮件",
        subtitle: "iPhone、iPad、Mac",
        about: "Apple 邮件不会查找域名的设置，需要您自己填写。",
        steps: [
          "iPhone 和 iPad：*设置 › App › 邮件 › 邮件账户 › 添加账户 › 其他 › 添加邮件账户*。Mac：*系统设置 › 互联网账户 › 添加账户 › 添加其他账户 › 邮件账户*。",
          "输入姓名、邮箱地址和密码，然后选择 *{protocol}* 并填写本页面的设置。",
          "发件服务器也要填写用户名和密码，即使标注为可选。",
        ],
      },
      newOutlook: {
        title: "Outlook",
        subtitle: "新版 Outlook（Windows、Mac、iPhone、Android）",
        about: "这些版本询问的是微软的服务而不是本域名，往往找不到结果。请准备好自己填写设置。",
        steps: [
          "选择*设置 › 账户 › 添加账户*，在手机上选择*添加账户 › 添加电子邮件账户*，然后输入邮箱地址。",
          "如果 Outlook 建议了其他提供商或没有找到结果，请选择*选择提供商*或*手动设置账户*，再选择 *{protocol}*。",
          "打开高级设置（*显示更多*），填写本页面的接收和发送设置。",
        ],
        note: "Outlook 可能会把您的邮件副本和登录信息保存在微软云端，添加账户时会有提示。手机版不支持 POP3。",
      },
      classicOutlook: {
        title: "Outlook（经典版）",
        subtitle: "适用于 Windows",
        about: "本域名已为此版本发布设置，但只有它的旧版向导会查找。",
        steps: [
          "关闭 Outlook。打开 Windows *控制面板*，搜索*邮件*，选择*邮件 (Microsoft Outlook) › 电子邮件账户 › 新建*。",
          "输入姓名、邮箱地址和密码。如果 Outlook 询问是否允许 *autodiscover.{domain}* 配置账户，请选择允许。",
          "Outlook 会找到服务器。请与本页面核对并完成。",
        ],
        note: "Outlook 内的*文件 › 添加账户*会改为询问微软。请在那里选择*高级选项 › 让我手动设置我的账户*，再选择 *{protocol}*，并填写本页面的设置。",
      },
      gmail: {
        title: "Gmail 应用",
        subtitle: "安卓",
        about: "Gmail 应用不会查找域名的设置。",
        steps: [
          "轻点您的头像，然后选择*添加其他账号 › 其他*。",
          "输入邮箱地址，轻点*手动设置*，选择*个人 ({protocol})*。",
          "输入密码和本页面的设置，先填接收，再填发送。",
        ],
      },
      androidAutomatic: {
        title: "Thunderbird、K-9 Mail、FairEmail",
        subtitle: "安卓",
        steps: ["添加账户并输入邮箱地址。", "应用会自动找到服务器。请与本页面核对，输入密码并完成。"],
      },
      androidByHand: {
        title: "Thunderbird、K-9 Mail、FairEmail",
        subtitle: "安卓",
        about: "这些应用只能自动找到 IMAP 服务器。",
        steps: ["添加账户，输入邮箱地址，选择手动设置，再选择 *{protocol}*。", "输入密码和本页面的设置。"],
      },
      otherApp: {
        title: "其他应用",
        subtitle: "电脑、手机、平板",
        steps: [
          "添加类型为*其他*、*手动*或 *{protocol}* 的账户。",
          "填写本页面的接收和发送设置，两者都要填写用户名和密码。",
        ],
        note: "*SSL/TLS* 也称为 *SSL* 或*隐式 TLS*。如果应用询问密码的传送方式，请选择*普通密码*。",
      },
    },
  },
};
