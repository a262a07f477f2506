window.YTD.tweets.part0 = [
  {
    "tweet": {
      "id": "1394735776701816833",
      "id_str": "1394735776701816833",
      "created_at": "Tue May 18 19:24:56 +0000 2021",
      "full_text": "fish &amp; chips #Tag",
      "source": "<a href=\"https://app.example\" rel=\"nofollow\">Tool &amp; Co</a>",
      "lang": "en",
      "favorite_count": "1",
      "retweet_count": "2",
      "in_reply_to_status_id_str": "1394735776701800001",
      "in_reply_to_user_id_str": "2",
      "entities": {
        "hashtags": [
          {
            "text": "Tag"
          }
        ],
        "urls": [],
        "user_mentions": [
          {
            "id_str": "2",
            "screen_name": "other"
          },
          {
            "id_str": "-1",
            "screen_name": "gone"
          }
        ]
      },
      "extended_entities": {
        "media": [
          {
            "id_str": "72",
            "type": "video",
            "media_url_https": "https://p.example/2.jpg",
            "video_info": {
              "variants": [
                {
                  "bitrate": "9",
                  "url": "https://v.example/9"
                },
                {
                  "bitrate": "10",
                  "url": "https://v.example/10"
                }
              ]
            }
          }
        ]
      }
    }
  },
  {
    "tweet": {
      "id_str": "1394735776701600003",
      "created_at": "Tue May 18 19:24:56 +0000 2021",
      "full_text": "RT @other: fish\u2026",
      "favorite_count": "0",
      "retweet_count": "50",
      "entities": {
        "hashtags": [],
        "urls": [],
        "user_mentions": [
          {
            "id_str": "2",
            "screen_name": "other"
          }
        ]
      }
    }
  }
]